from django.apps import AppConfig


class Widget(AppConfig):
    name = "kefu.web.widget"
    label = "web_widget"
