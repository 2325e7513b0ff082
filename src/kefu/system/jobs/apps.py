from django.apps import AppConfig


class Jobs(AppConfig):
    name = "kefu.system.jobs"
    label = "jobs"
