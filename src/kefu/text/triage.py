"""What in a text calls for a person at once: account takeover, fraud, distress; and anger and urgency, which weigh."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

NAMES = ("takeover", "fraud", "distress", "anger", "urgency")


@dataclass(frozen=True)
class Signals:
    takeover: bool = False
    fraud: bool = False
    distress: bool = False
    anger: bool = False
    urgency: bool = False


def signals(text: str) -> Signals:
    """What a text signals. Questions about prevention ("how do I avoid being hacked") signal neither takeover nor fraud."""
    patterns = _patterns()
    found = {name: bool(patterns[name].search(text)) for name in NAMES}
    if patterns["never"].search(text):
        found["takeover"] = found["fraud"] = False
    return Signals(**found)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads((files("kefu.text") / "data" / "triage.toml").read_text("utf-8"))
    return {name: re.compile(data[name], re.IGNORECASE) for name in (*NAMES, "never")}
