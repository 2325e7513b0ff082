from django.apps import AppConfig


class Reports(AppConfig):
    name = "kefu.reports"
    label = "reports"
