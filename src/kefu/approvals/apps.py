from django.apps import AppConfig


class Approvals(AppConfig):
    name = "kefu.approvals"
    label = "approvals"
