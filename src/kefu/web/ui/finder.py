"""Where Django finds the bundles: a static files finder over the folder into which they are written."""

from collections.abc import Iterable
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import get_files
from django.core.checks import CheckMessage
from django.core.files.storage import FileSystemStorage

from kefu.web.ui import bundles


class BundleFinder(BaseFinder):
    """Offers the bundles to runserver, collectstatic and servestatic alike."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(location=bundles.folder())
        self.storages = {"": self.storage}

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Nothing to configure, nothing to get wrong."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str] | None:  # type: ignore[override]
        """The file behind a static path, or nothing."""
        found = self.storage.path(path) if self.storage.exists(path) else None
        return ([found] if found else []) if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Every current bundle, written now if need be, with its storage."""
        current = {bundles.path(audience, kind) for audience in bundles.AUDIENCES for kind in ("css", "js")}
        for name in get_files(self.storage, list(ignore_patterns or [])):
            if name.removesuffix(".gz") in current:
                yield name, self.storage
