from django.apps import AppConfig


class Bot(AppConfig):
    name = "kefu.bot"
    label = "bot"
