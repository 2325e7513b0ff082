"""Guided flows as data: as edited in the studio, else one TOML file a topic, read again when it changes."""

import tomllib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from kefu.topics.models import Topic

Text = dict[str, str]


@dataclass(frozen=True)
class Step:
    """One question. ``when`` is (field, value): asked only if that answer was given before."""

    field: str
    type: str
    ask: Text
    help: Text
    required: bool = True
    choices: tuple[dict[str, Any], ...] = ()
    when: tuple[str, str] | None = None


@dataclass(frozen=True)
class Flow:
    topic: str
    title: Text
    opening: Text
    closing: Text
    steps: tuple[Step, ...]
    advice: tuple[str, ...] = field(default=())


def flow_for(topic: str) -> Flow | None:
    """The flow of a topic as it is now; None when it has none."""
    data = data_of(topic)
    return _flow(data) if data else None


def data_of(topic: str) -> dict[str, Any] | None:
    """A topic's flow as data: what the studio made of it, else what its file says; None when it has none."""
    if not topic:
        return None
    edited: dict[str, Any] | None = Topic.objects.filter(slug=topic).values_list("flow", flat=True).first()
    if edited:
        return edited
    path = Path(settings.CONTENT) / "flows" / f"{topic}.toml"
    return _read(path, path.stat().st_mtime_ns) if path.exists() else None


@lru_cache(maxsize=200)
def _read(path: Path, stamp: int) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _flow(data: dict[str, Any]) -> Flow:
    return Flow(
        topic=data["topic"],
        title=data["title"],
        opening=data["opening"],
        closing=data["closing"],
        advice=tuple(data.get("advice", [])),
        steps=tuple(_step(step) for step in data.get("step", [])),
    )


def _step(step: dict[str, Any]) -> Step:
    when = step.get("when")
    return Step(
        field=step["field"],
        type=step["type"],
        ask=step["ask"],
        help=step.get("help", {}),
        required=step.get("required", True),
        choices=tuple(step.get("choices", [])),
        when=(when["field"], when["is"]) if when else None,
    )


def in_language(text: Text, language: str) -> str:
    """The text in ``language``, else in English, else in any."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")
