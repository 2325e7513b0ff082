"""Putting the static files where the server reads them."""

from django.core.management import call_command

from kefu.web.ui import bundles


def gather() -> None:
    """Write the style and script bundles, and collect everything static into KEFU_HOME/static."""
    for audience in bundles.AUDIENCES:
        for kind in ("css", "js"):
            bundles.path(audience, kind)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.toml"])
