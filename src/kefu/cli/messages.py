"""`kefu messages`: collect translatable texts, merge the Chinese that lies beside its templates, compile."""

import io
import tomllib

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from kefu.cli.catalogues import LANGUAGES, PACKAGE, catalogue_path, compile_all

KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}


def main(arguments: list[str]) -> int:
    missing = update_all()
    compile_all(force=True)
    for text in missing:
        print(f"  not translated: {text!r}")
    print(f"{len(missing)} text(s) without Chinese.")
    return 1 if missing else 0


def update_all() -> list[str]:
    """Bring the catalogue in step with the sources; returns the texts that have no translation."""
    found = collect()
    missing: list[str] = []
    for language in LANGUAGES:
        path = catalogue_path(language)
        old = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
        given = translations_beside()
        # The date stays: a catalogue in which nothing changed is the same file.
        fresh = Catalog(locale=language, project="Kefu", charset="utf-8", fuzzy=False, creation_date=old.creation_date)
        for message in sorted(found, key=str):
            singular = message if isinstance(message, str) else message[0]
            known = old.get(singular)
            text = known.string if known else ""
            if beside := given.get(singular) or (isinstance(message, tuple) and given.get(message[1])):
                text = (beside,) if isinstance(message, tuple) else beside
            elif isinstance(message, tuple) != isinstance(text, tuple):
                text = ""
            fresh.add(message, text, flags=["python-format"] if "%(" in singular else [])
            if not text or text == ("",):
                missing.append(singular)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, fresh, width=110, omit_header=False, ignore_obsolete=True)
    return missing


def translations_beside() -> dict[str, str]:
    """What lies in ``zh_hans.toml`` files beside the templates: English to Chinese."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("zh_hans.toml")):
        found |= tomllib.loads(path.read_text(encoding="utf-8"))
    return found


def collect() -> set[str | tuple[str, str]]:
    """Every msgid of the Python files and templates; a pair for plurals."""
    found: set[str | tuple[str, str]] = set()
    templates = [path for kind in ("html", "txt") for path in PACKAGE.rglob(f"templates/**/*.{kind}")]
    for path in [*PACKAGE.rglob("*.py"), *templates]:
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source, origin=str(path))
        try:
            rows = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS)  # type: ignore[arg-type]
            found |= {message for _, message, _, _ in rows if message and message != ("", "")}
        except SyntaxError as error:
            raise SystemExit(f"{path}: {error}") from None
    return found
