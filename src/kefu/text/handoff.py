"""The wish for a person: said directly, by asking whether anybody is there, or by being done with the bot.

The phrases of each language are data (``data/handoff``). They are compositions, a verb of wanting with a word for staff,
so that wordings nobody listed are heard too; senses that only look alike ("human error") are cut out before.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kefu.text import phrases

LONGEST = 2000  # a wish is said early or late; the middle of a very long text is a story
SCRIPTS = {
    "latin": re.compile(r"[a-z]"),
    "han": re.compile(r"[\u3400-\u9fff]"),
    "kana": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "hangul": re.compile(r"[\uac00-\ud7af]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff]"),
    "thai": re.compile(r"[\u0e00-\u0e7f]"),
}
SHORT = 80  # characters of a message that may consist of nothing but the word for a person
SHORTEST = 5  # letters of a word that is recognised with a typing error


@dataclass(frozen=True)
class Pack:
    """What is known of the wish in one language."""

    spaces: bool
    script: re.Pattern[str]
    wish: re.Pattern[str]
    whole: re.Pattern[str]
    other: re.Pattern[str]
    typed: Sequence[str]
    known: frozenset[str]


def wants_human(text: str) -> bool:
    """Whether the writer wants a person. Words that only look like it ("human error", "become an agent") do not count."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]}\n{text[-LONGEST // 2 :]}"
    forms = {True: phrases.spaced(text), False: phrases.unspaced(text)}
    return any(_wished(forms[pack.spaces], pack) for pack in _packs() if pack.script.search(forms[True]))


def _wished(flat: str, pack: Pack) -> bool:
    if pack.typed:
        flat = " ".join(_meant(word, pack) if len(word) >= SHORTEST else word for word in flat.split(" "))
    rest, cut = pack.other.subn(phrases.END, flat)
    if pack.wish.search(rest):
        return True
    # "where is my deposit, agent please": what is said last, after a pause, is no part of what stands before it.
    last = flat.rstrip(f"{phrases.END},").replace(phrases.END, ",").rpartition(",")[2]
    if cut and not pack.other.search(last) and pack.wish.search(last):
        return True
    return not cut and len(flat) <= SHORT and pack.whole.fullmatch(flat.replace(phrases.END, ",")) is not None


def _meant(word: str, pack: Pack) -> str:
    """The word that was meant where one letter is wrong; the word itself when it is right or something else."""
    if word in pack.known:
        return word
    return next((right for right in pack.typed if _one_error(word, right)), word)


@lru_cache(maxsize=20_000)
def _one_error(word: str, right: str) -> bool:
    """Whether one letter is missing, added, swapped with its neighbour or, in a longer word, wrong. The first is right."""
    if word[0] != right[0] or abs(len(word) - len(right)) > 1:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), min(len(word), len(right)))
    a, b = word[start:], right[start:]
    if len(a) != len(b):
        return a[1:] == b or a == b[1:]
    return (a[2:] == b[2:] and a[:2] == b[1::-1]) or (len(right) > SHORTEST and a[1:] == b[1:])


@lru_cache(maxsize=1)
def _packs() -> tuple[Pack, ...]:
    folder = files("kefu.text") / "data" / "handoff"
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(_pack((folder / name).read_text("utf-8")) for name in names)


def _pack(source: str) -> Pack:
    data = tomllib.loads(source)
    classes, spaces = data["classes"], data["spaces"]
    made = {name: phrases.compiled(data[name], classes, spaces=spaces) for name in ("wish", "other")}
    return Pack(
        spaces=spaces,
        script=SCRIPTS[data["script"]],
        whole=phrases.whole(data["whole"], data["fillers"], classes, spaces=spaces),
        typed=tuple(data.get("typed", ())),
        known=frozenset(re.findall(r"\w+", phrases.spaced(source))) if data.get("typed") else frozenset(),
        **made,
    )
