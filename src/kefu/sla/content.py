"""Importing calendars and policies from ``sla.toml``."""

import tomllib
from pathlib import Path

from django.db import transaction

from kefu.sla.models import Policy, WorkCalendar
from kefu.text.conditions import parse


def import_sla(folder: Path) -> int:
    """Store them; those that the file does not name stay. Returns how many policies there are in it. Repeatable.

    Raises BadCondition for a policy whose conditions say nothing.
    """
    path = folder / "sla.toml"
    if not path.exists():
        return 0
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    with transaction.atomic():
        for entry in data.get("calendar", []):
            known = {name: entry[name] for name in ("zone", "week", "special") if name in entry}
            WorkCalendar.objects.update_or_create(slug=entry["slug"], defaults={"names": entry["name"], **known})
        for position, entry in enumerate(data.get("policy", [])):
            parse(entry.get("conditions", ""))
            known = {name: entry.get(name) for name in ("first_reply", "next_reply", "resolution")}
            Policy.objects.update_or_create(
                slug=entry["slug"],
                defaults={
                    "names": entry["name"],
                    "position": position,
                    "conditions": entry.get("conditions", ""),
                    "calendar": WorkCalendar.objects.get(slug=entry["calendar"]),
                    "warn_at": entry.get("warn_at", 0.75),
                    **known,
                },
            )
    return len(data.get("policy", []))
