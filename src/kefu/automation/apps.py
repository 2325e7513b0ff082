from django.apps import AppConfig


class Automation(AppConfig):
    name = "kefu.automation"
    label = "automation"
