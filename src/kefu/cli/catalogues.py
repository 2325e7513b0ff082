"""Compiled translations beside their sources: made before Django loads, which looks for them once."""

from pathlib import Path

LANGUAGES = ("zh_Hans",)
PACKAGE = Path(__file__).resolve().parents[1]


def catalogue_path(language: str) -> Path:
    return PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_all(*, force: bool = False) -> None:
    """Write the compiled catalogues where they are missing or older than their sources."""
    for language in LANGUAGES:
        path = catalogue_path(language)
        compiled = path.with_suffix(".mo")
        if not path.exists():
            continue
        if force or not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            from babel.messages.mofile import write_mo  # not loaded at every start
            from babel.messages.pofile import read_po

            with path.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source, locale=language))
