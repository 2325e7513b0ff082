"""Markdown files with TOML front matter between lines of +++, as editors keep them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadFile(Exception):
    """A content file that cannot be read; the text names the file and what to change."""


@dataclass(frozen=True)
class ContentFile:
    """``slug`` and ``language`` come from the name, ``folder`` is the name of the folder it lies in."""

    path: Path
    slug: str
    language: str
    folder: str
    meta: dict[str, Any]
    body: str

    def need(self, name: str) -> Any:
        if name not in self.meta:
            raise BadFile(f"{self.path}: the front matter has no {name!r}.")
        return self.meta[name]


def read(path: Path) -> ContentFile:
    """One file named ``slug.language.md``; raises BadFile."""
    slug, _, language = path.stem.rpartition(".")
    parts = path.read_text(encoding="utf-8").split("+++", 2)
    if not slug or len(parts) != 3 or parts[0].strip():
        raise BadFile(f"{path}: name it slug.language.md and begin with front matter between two lines of +++.")
    try:
        meta = tomllib.loads(parts[1])
    except tomllib.TOMLDecodeError as error:
        raise BadFile(f"{path}: the front matter is not TOML: {error}.") from None
    return ContentFile(path, slug, language, path.parent.name, meta, parts[2].strip() + "\n")
