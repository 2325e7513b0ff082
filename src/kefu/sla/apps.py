from django.apps import AppConfig


class Sla(AppConfig):
    name = "kefu.sla"
    label = "sla"
