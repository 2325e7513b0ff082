"""Periodic work: each slot of time once, on however many machines."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.timezone import now

from kefu.system.jobs.models import Slot
from kefu.system.jobs.queue import enqueue

plan: dict[str, timedelta] = {}


def set_plan(entries: Mapping[str, timedelta]) -> None:
    """Handler names and how often each runs; called once at start by the wiring."""
    plan.clear()
    plan.update(entries)


def enqueue_due(known: dict[str, int] | None = None) -> int:
    """Enqueue each periodic job whose slot nobody has taken; returns how many were taken here.

    ``known``: what the caller remembers of it, each job's slot that is taken by now. Whoever calls every second with the same
    one asks the database once a slot.
    """
    known = {} if known is None else known
    at, taken = now(), 0
    for name, every in plan.items():
        number = int(at.timestamp() // every.total_seconds())
        if known.get(name) == number:
            continue
        with transaction.atomic():
            _, mine = Slot.objects.get_or_create(name=name, slot=number)
            if mine:
                enqueue(name)
                taken += 1
        known[name] = number
    if taken:
        Slot.objects.filter(created__lt=at - timedelta(days=2)).delete()
    return taken
