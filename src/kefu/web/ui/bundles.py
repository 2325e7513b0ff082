"""One stylesheet and one script per audience, put together from the component files when first asked for.

No build step. An entry file such as ``public.css`` lists its components with ``@import url("css/…");`` and
works as it is; a script lists its modules with ``import … from "./toast.js";``. We follow these lists, drop
comments, and write the result to ``KEFU_HOME/bundles`` under a name that carries its hash, where
``BundleFinder`` offers it to Django's static files. Such a file never changes, so it may be cached for ever.
"""

import gzip
import hashlib
import os
import re
from functools import cache
from pathlib import Path

from django.conf import settings

SOURCES = Path(__file__).with_name("static") / "ui"
AUDIENCES = ("public", "chat", "desk", "studio")
CSS_IMPORT = re.compile(r'^@import url\("(css/[\w-]+\.css)"\);$', re.MULTILINE)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
JS_IMPORT = re.compile(r'^import [^;]*?from "\./([\w-]+\.js)";$|^import "\./([\w-]+\.js)";$', re.MULTILINE)
JS_COMMENT = re.compile(r"^\s*(//[^\n]*|/\*\*.*?\*/)$", re.MULTILINE | re.DOTALL)
LEADING_SPACE = re.compile(r"\n\s*")


def folder() -> Path:
    """Where the bundles are written."""
    return Path(settings.HOME) / "bundles"


def css(audience: str) -> str:
    """The stylesheet of an audience: all imported files in their order, without comments."""
    entry = (SOURCES / f"{audience}.css").read_text("utf-8")
    whole = "".join((SOURCES / name).read_text("utf-8") for name in CSS_IMPORT.findall(entry))
    return LEADING_SPACE.sub("\n", CSS_COMMENT.sub("", whole)).strip() + "\n"


def js(audience: str) -> str:
    """The script of an audience: its modules in the order in which they need each other, as one module.

    Modules import each other by name (``import { toast } from "./toast.js";``) and the names at their top
    level are unique, so joining them is leaving the imports out; what they export, it exports.
    """
    seen: list[str] = []
    parts: list[str] = []

    def take(name: str) -> None:
        if name in seen:
            return
        seen.append(name)
        source = (SOURCES / "js" / name).read_text("utf-8")
        for pair in JS_IMPORT.findall(source):
            take(pair[0] or pair[1])
        parts.append(JS_IMPORT.sub("", source))

    take(f"{audience}.js")
    return LEADING_SPACE.sub("\n", JS_COMMENT.sub("", "\n".join(parts))).strip() + "\n"


def write(audience: str, kind: str) -> str:
    """Write a bundle unless it is there; its path below the static URL, such as ``ui/public.0f3a….css``."""
    content = (css if kind == "css" else js)(audience).encode()
    path = f"ui/{audience}.{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    target = folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    for file, data in (
        (target, content),
        (target.with_name(f"{target.name}.gz"), gzip.compress(content, mtime=0)),
    ):
        if not file.exists():
            fresh = file.with_name(f".{file.name}.{os.getpid()}")
            fresh.write_bytes(data)
            fresh.replace(file)
    return path


written = cache(write)


def path(audience: str, kind: str) -> str:
    """The static path of a bundle; while debugging it follows every change of its sources."""
    return write(audience, kind) if settings.DEBUG else written(audience, kind)
