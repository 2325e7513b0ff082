from django.apps import AppConfig


class Studio(AppConfig):
    name = "kefu.web.studio"
    label = "web_studio"
