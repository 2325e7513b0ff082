from django.apps import AppConfig


class Conversations(AppConfig):
    name = "kefu.conversations"
    label = "conversations"
