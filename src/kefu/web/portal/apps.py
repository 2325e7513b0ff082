from django.apps import AppConfig


class Portal(AppConfig):
    name = "kefu.web.portal"
    label = "web_portal"
