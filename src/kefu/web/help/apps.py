from django.apps import AppConfig


class Help(AppConfig):
    name = "kefu.web.help"
    label = "web_help"
