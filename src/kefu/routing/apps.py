from django.apps import AppConfig


class Routing(AppConfig):
    name = "kefu.routing"
    label = "routing"
