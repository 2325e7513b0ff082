from django.apps import AppConfig


class Desk(AppConfig):
    name = "kefu.web.desk"
    label = "web_desk"
