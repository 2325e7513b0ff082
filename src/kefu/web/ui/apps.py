"""The design system as a Django application."""

from django.apps import AppConfig


class Ui(AppConfig):
    """Templates under ``ui/``, static files under ``ui/``, the tags of ``templatetags/ui.py``."""

    name = "kefu.web.ui"
    label = "web_ui"
