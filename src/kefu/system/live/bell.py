"""Ringing, from any thread: to the hub of this process, and through the relay to the others."""

import json
from collections.abc import Collection
from typing import Any

from kefu.system.live import holders, hub, relay


def ring(channel: str, seq: int) -> None:
    """``channel`` has reached ``seq``. Call it after the commit; a lost ring loses nothing."""
    hub.ring(channel, seq)
    relay.publish({"c": channel, "s": seq})


def whisper(channel: str, name: str, data: dict[str, Any], *, variants: Collection[str] | None = None) -> None:
    """Something that need not be stored and may be lost: typing, read states, queue positions.

    ``variants``: only these audiences hear it, such as ``{"agent"}`` or ``{"agent:en"}``. Default: all.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    hub.whisper(channel, name, text, variants)
    relay.publish({"c": channel, "n": name, "d": text} | ({"v": sorted(variants)} if variants is not None else {}))


def end(who: str) -> None:
    """End the streams that were granted to ``who``, here and in the other processes. Call it after the commit."""
    hub.on_loop(holders.ended, who)
    relay.publish({"e": who})
