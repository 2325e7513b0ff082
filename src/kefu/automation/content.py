"""Importing prepared replies from ``macros.toml``."""

import tomllib
from pathlib import Path

from django.db import transaction

from kefu.automation.actions import read_actions
from kefu.automation.models import Macro


def import_macros(folder: Path) -> int:
    """Store those that all agents share, while there are none: what a team changed or removed stays as it is. Returns how many are new.

    Raises BadAction for one whose actions mean nothing here, such as a team that does not exist.
    """
    path = folder / "macros.toml"
    if not path.exists() or Macro.objects.filter(owner=None).exists():
        return 0
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("macro", [])
    with transaction.atomic():
        for entry in entries:
            actions = read_actions("\n".join(entry.get("actions", [])))
            texts = {language: text.strip() for language, text in entry["text"].items()}
            Macro.objects.create(name=entry["name"], texts=texts, actions=actions)
    return len(entries)
