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


def enqueue_due() -> int:
    """Enqueue each periodic job whose slot nobody has taken; returns how many were taken here."""
    at, taken = now(), 0
    for name, every in plan.items():
        number = int(at.timestamp() // every.total_seconds())
        with transaction.atomic():
            _, mine = Slot.objects.get_or_create(name=name, slot=number)
            if mine:
                enqueue(name)
                taken += 1
    Slot.objects.filter(created__lt=at - timedelta(days=2)).delete()
    return taken
