from django.apps import AppConfig


class Email(AppConfig):
    name = "kefu.channels.email"
    label = "channel_email"
