from django.apps import AppConfig


class Topics(AppConfig):
    name = "kefu.topics"
    label = "topics"
