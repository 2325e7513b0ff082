from django.apps import AppConfig


class Incidents(AppConfig):
    name = "kefu.incidents"
    label = "incidents"
