"""The wish for a human, in many languages: said directly, or by asking for a person, or by being done with the bot."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

LONGEST = 2000  # a wish is said early or late; the middle of a very long text is a story


def wants_human(text: str) -> bool:
    """Whether the writer wants a person. Words that only look like it ("human error", "become an agent") do not count."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    direct, person, want, someone, speak, not_bot, other = _patterns()
    rest = other.sub(" ", text)
    if direct.search(rest) or not_bot.search(rest):
        return True
    parts = re.split(r"[.!?。！？\n]", rest)
    if any(person.search(part) and want.search(part) for part in parts):
        return True
    return any(someone.search(part) and speak.search(part) for part in parts)


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = tomllib.loads((files("kefu.text") / "data" / "handoff.toml").read_text("utf-8"))
    names = ("direct", "person", "want", "someone", "speak", "not_bot", "other")
    return tuple(re.compile(data[name], re.IGNORECASE) for name in names)
