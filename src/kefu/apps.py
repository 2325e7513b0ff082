from django.apps import AppConfig


class Kefu(AppConfig):
    """Ties the parts together once all of them are loaded."""

    name = "kefu"
    label = "kefu"

    def ready(self) -> None:
        # Imported here because wiring reaches models, which exist only now.
        from kefu.wiring import connect

        connect()
