"""Putting the static files where the server reads them."""

import gzip

from django.conf import settings
from django.core.management import call_command

from kefu.web.ui import bundles


def gather() -> None:
    """Write the style and script bundles, and collect everything static into KEFU_HOME/static."""
    for audience in bundles.AUDIENCES:
        for kind in ("css", "js"):
            bundles.path(audience, kind)
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*.toml"])
    for path in settings.STATIC_ROOT.rglob("*"):
        if path.suffix in {".css", ".js", ".svg"} and path.stat().st_size > 1000:
            twin = path.with_name(path.name + ".gz")
            if not twin.exists() or twin.stat().st_mtime < path.stat().st_mtime:
                twin.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
