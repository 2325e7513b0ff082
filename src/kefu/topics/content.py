"""Importing the taxonomy from ``topics.toml``."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from kefu.people.models import Team
from kefu.topics.models import Topic, TopicTranslation

TEAMS = {
    "account": ("账户组", "Account"),
    "kyc": ("身份认证组", "Identity verification"),
    "funds": ("充提组", "Deposits and withdrawals"),
    "trading": ("交易组", "Trading"),
    "security": ("安全组", "Security"),
    "api": ("API 组", "API"),
    "vip": ("VIP 组", "VIP"),
    "community": ("社区组", "Community"),
}


def import_topics(folder: Path) -> int:
    """Store the topics, their texts, typed fields and teams; returns how many there are. Repeatable."""
    path = folder / "topics.toml"
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8")).get("topic", [])
    with transaction.atomic():
        teams = {slug: Team.objects.get_or_create(slug=slug, defaults={"name": zh, "name_en": en})[0] for slug, (zh, en) in TEAMS.items()}
        topics: dict[str, Topic] = {}
        for position, entry in enumerate(entries):
            topics[entry["slug"]] = _store(entry, position, teams, topics)
    return len(topics)


def _store(entry: dict[str, Any], position: int, teams: dict[str, Team], topics: dict[str, Topic]) -> Topic:
    topic, _ = Topic.objects.update_or_create(
        slug=entry["slug"],
        defaults={
            "parent": topics[entry["parent"]] if entry.get("parent") else None,
            "position": position,
            "team": teams.get(entry.get("team", "")),
            "icon": entry.get("icon", ""),
            "urgency": entry.get("urgency", Topic.Urgency.NORMAL),
            "needs": entry.get("needs", "anonymous"),
            "fields": entry.get("field", []),
            "checklist": entry.get("check", []),
            "is_service": entry.get("service", False),
        },
    )
    for language, name in entry["name"].items():
        TopicTranslation.objects.update_or_create(
            topic=topic,
            language=language,
            defaults={"name": name, "summary": entry.get("summary", {}).get(language, "")},
        )
    return topic
