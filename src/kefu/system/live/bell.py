"""Ringing, from any thread: to the hub of this process, and through Redis to the others."""

import json
from typing import Any

from kefu.system.live import hub, relay


def ring(channel: str, seq: int) -> None:
    """``channel`` has reached ``seq``. Call it after the commit; a lost ring loses nothing."""
    hub.ring(channel, seq)
    relay.publish({"c": channel, "s": seq})


def whisper(channel: str, name: str, data: dict[str, Any]) -> None:
    """Something that need not be stored and may be lost: typing, read states, queue positions."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    hub.whisper(channel, name, text)
    relay.publish({"c": channel, "n": name, "d": text})
