from django.apps import AppConfig


class Surveys(AppConfig):
    name = "kefu.surveys"
    label = "surveys"
