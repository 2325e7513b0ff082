from django.apps import AppConfig


class People(AppConfig):
    name = "kefu.people"
    label = "people"
