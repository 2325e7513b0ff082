"""Importing the official contacts of ``contacts.toml``."""

import tomllib
from pathlib import Path

from django.db import transaction

from kefu.people.models import OfficialContact
from kefu.people.models.contact import contact_key


def import_contacts(folder: Path) -> int:
    """Store those that are not there yet; what was changed or removed in the studio stays as it is once there is a list.

    Returns how many are new.
    """
    path = folder / "contacts.toml"
    if not path.exists() or OfficialContact.objects.exists():
        return 0
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("contact", [])
    with transaction.atomic():
        for position, entry in enumerate(entries):
            OfficialContact.objects.create(
                kind=entry["kind"],
                address=entry["address"],
                key=contact_key(entry["address"]),
                reaches=entry.get("reaches", OfficialContact.Reaches.NEVER),
                notes=entry.get("note", {}),
                position=position,
            )
    return len(entries)
