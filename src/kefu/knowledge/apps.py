from django.apps import AppConfig


class Knowledge(AppConfig):
    name = "kefu.knowledge"
    label = "knowledge"
