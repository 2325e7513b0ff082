"""What people say that asks nothing: a greeting, thanks, goodbye, an insult."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from kefu.text.tokens import CJK, raw_words

POLITE = ("greeting", "thanks", "goodbye")
LONGEST = 60  # a longer message says more than that
MOST_BESIDE = 4  # words beside an insult; with more of them, the message is about something


def kind(text: str) -> str:
    """``greeting``, ``thanks``, ``goodbye`` or ``insult``; empty for a message that says anything else as well."""
    if len(text) > LONGEST:
        return ""
    spoken = _pieces(text)
    if not spoken:
        return ""
    met = _said(spoken)
    if all(met):
        return next((name for name in POLITE if name in met), "insult" if "insult" in met else "")
    return "insult" if "insult" in met and met.count("") <= MOST_BESIDE else ""


def _said(spoken: list[str]) -> list[str]:
    """What each word or character belongs to; the longest phrase wins, empty for none."""
    listed, longest = _phrases()
    met: list[str] = []
    at = 0
    while at < len(spoken):
        for size in range(min(longest, len(spoken) - at), 0, -1):
            if name := listed.get(tuple(spoken[at : at + size])):
                met += [name] * size
                at += size
                break
        else:
            met.append("")
            at += 1
    return met


def _pieces(text: str) -> list[str]:
    return [part for piece in raw_words(text) for part in (piece if CJK.match(piece) else [piece])]


@lru_cache(maxsize=1)
def _phrases() -> tuple[dict[tuple[str, ...], str], int]:
    data = tomllib.loads((files("kefu.text") / "data" / "small_talk.toml").read_text("utf-8"))
    listed = {tuple(_pieces(phrase)): name for name, phrases in reversed(data.items()) for phrase in phrases}
    return listed, max(map(len, listed))
