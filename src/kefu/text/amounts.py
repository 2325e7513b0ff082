"""Amounts as people write them: 1,250.50 · 1.250,50 · 1 250,5 · 0,25 · 1.5万 · 5k · ５００.

A comma is the point of half the world. Read wrongly, 0,25 BTC is twenty-five bitcoins at risk.
"""

import re
import unicodedata
from decimal import Decimal

# Groups of digits with what people put between them; the narrow spaces stand for thousands only, the wide one is no part of a story's number.
NUMBER = r"\d(?:[\d.,，'’\u00a0\u202f\u2009]*\d)?"
SCALE = r"(?:\s?(?:万亿|万|萬|亿|億|千|тыс\.?|млн\.?|triệu|nghìn|ngàn|milyon|million)|(?:[kKwW])(?![A-Za-z]))?"
SCALES = {
    **dict.fromkeys(("千", "k", "тыс", "nghìn", "ngàn"), 1_000),
    **dict.fromkeys(("万", "萬", "w"), 10_000),
    **dict.fromkeys(("млн", "triệu", "milyon", "million"), 1_000_000),
    **dict.fromkeys(("亿", "億"), 100_000_000),
    "万亿": 1_000_000_000_000,
}
# What may not stand right before: a letter, another number's end, or a sign that makes it less than nothing.
BEFORE = r"(?<![A-Za-z0-9_.,，])(?<!(?<![^\s(（])[-−])"
AMOUNT = re.compile(rf"{BEFORE}({NUMBER}|\d{{1,3}}(?: \d{{3}})+(?:[.,]\d+)?)({SCALE})(?![\d]|[.,]\d)", re.IGNORECASE)
# In a story a space between digits may be one between two numbers: only where it surely groups is it read, and what it leaves open is none.
IN_TEXT = rf"{BEFORE}(?<!\d )(\d{{1,3}}(?: \d{{3}}){{2,}}|\d{{1,3}}(?: \d{{3}})+,\d{{1,8}}|{NUMBER})({SCALE})"
SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
GROUPS = re.compile(r"['’\s]")


def read_amount(text: str) -> Decimal | None:
    """The first amount above zero in what was typed where an amount is asked for; None where there is none that can be read surely.

    Here spaces between groups of three digits belong to the number.
    """
    text = SPACED.sub("\u202f", unicodedata.normalize("NFKC", text).replace("\u00a0", "\u202f"))
    for match in AMOUNT.finditer(text):
        if value := value_of(match[1], match[2]):
            return value
    return None


def value_of(written: str, scale: str = "") -> Decimal | None:
    """What a number with its separators says, in units; None for what is none, such as a date or a version, and for nothing."""
    number = _plain(GROUPS.sub("", unicodedata.normalize("NFKC", written)))
    if number is None or number <= 0:
        return None
    return number * SCALES.get(scale.strip().rstrip(".").casefold(), 1)


def plain(value: Decimal) -> str:
    """Its normal form: digits and at most one point, never an exponent."""
    return format(value.normalize(), "f")


def _plain(written: str) -> Decimal | None:
    marks = re.findall(r"[.,]", written)
    if not marks:
        return Decimal(written)
    last = marks[-1]
    if len(set(marks)) == 2:  # a point and a comma: the later one begins what is less than one
        whole, _, rest = written.rpartition(last)
        groups = whole.split(marks[0])
        return Decimal("".join(groups) + "." + rest) if last not in whole and _in_thousands(groups) else None
    groups = written.split(last)
    if len(marks) > 1 or (last == "," and _in_thousands(groups)):
        return Decimal("".join(groups)) if _in_thousands(groups) else None
    return Decimal(".".join(groups))


def _in_thousands(groups: list[str]) -> bool:
    """Whether groups of digits are those of one number: the first of one to three and not nothing, the others of three."""
    first, *others = groups
    return 1 <= len(first) <= 3 and first.strip("0") != "" and all(len(group) == 3 for group in others)
