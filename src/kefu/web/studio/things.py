"""Things that the studio edits besides articles: each is read and written whole, so that any change can be looked up and taken back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms import BaseForm, BaseFormSet
from django.utils.functional import Promise

from kefu.knowledge.models import Change
from kefu.people.models import Agent, User
from kefu.system.audit.log import write

Data = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    key: str
    title: str
    detail: str = ""
    state: str = ""


@dataclass(frozen=True)
class Thing:
    """One kind. ``read`` gives its JSON or None, ``write`` stores it (None removes) and raises ValueError with words why not.

    ``form(data, key, post)``: the form, filled from ``data`` or from what was posted; ``rows`` is a formset, or None. ``collect``
    makes the data of both once they are valid. ``fixed``: nothing is made or removed, only changed.
    """

    code: str
    name: str | Promise
    icon: str
    act: str
    list: Callable[[str], list[Row]]
    read: Callable[[str], Data | None]
    write: Callable[[str, Data | None], None]
    form: Callable[[Data | None, Mapping[str, Any] | None], BaseForm]
    collect: Callable[[BaseForm, "BaseFormSet[Any] | None"], tuple[str, Data]]
    rows: "Callable[[Data | None, Mapping[str, Any] | None], BaseFormSet[Any]] | None" = None
    preview: str = ""
    help: str | Promise = ""
    fixed: bool = False


class Changed(Exception):
    """Somebody changed the thing since it was looked at."""


def store(thing: Thing, key: str, data: Data | None, *, by: Agent) -> Change | None:
    """Write it and remember how it was; None where nothing is different."""
    with transaction.atomic():
        before = thing.read(key)
        if before == data:
            return None
        thing.write(key, data)
        after = thing.read(key)
        write(str(by), f"{thing.code}.{'removed' if after is None else 'changed' if before else 'made'}", key)
        return Change.objects.create(kind=thing.code, key=key, before=before, after=after, by=by.user)


def take_back(thing: Thing, change: Change, *, by: Agent) -> None:
    """How it was before the change. Raises Changed where something else happened to it since."""
    with transaction.atomic():
        if thing.read(change.key) != change.after:
            raise Changed
        thing.write(change.key, change.before)
        write(str(by), f"{thing.code}.taken_back", change.key)
        Change.objects.create(kind=thing.code, key=change.key, before=change.after, after=thing.read(change.key), by=by.user)
        Change.objects.filter(pk=change.pk).update(taken_back=True)


def history(thing: Thing, key: str, most: int = 10) -> list[Change]:
    """The newest changes of one thing."""
    return list(Change.objects.filter(kind=thing.code, key=key).select_related("by")[:most])


def name_of(user: User | None) -> str:
    return (user.name or user.email) if user else ""
