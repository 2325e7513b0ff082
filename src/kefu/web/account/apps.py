from django.apps import AppConfig


class Account(AppConfig):
    name = "kefu.web.account"
    label = "web_account"

    def ready(self) -> None:
        from kefu.web.account.heard import connect

        connect()
