from django.apps import AppConfig


class Audit(AppConfig):
    name = "kefu.system.audit"
    label = "audit"
