"""Payment cards: their numbers by the Luhn digit, their check values by name."""

import re
from collections.abc import Iterator

from kefu.text.checksums import luhn
from kefu.text.secrets.cues import cues, link, pattern
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import may_have_digits

NUMBER = re.compile(r"(?<![0-9A-Za-z_.#-])(?:\d[ .\-\u00a0]?){12,18}\d(?![0-9A-Za-z_-])(?!\.\d)")
GROUPED = re.compile(r"\d{4}([ .\-\u00a0])\d{4}\1\d{4}\1\d{1,7}(?:\1\d{1,3})?|\d{4}[ .\-]\d{6}[ .\-]\d{4,5}")
ISSUER = re.compile(r"4|5[0-8]|2[2-7]|3[04-9]|6\d|81|9[67]0")
CHECK = re.compile(r"\d{3,4}(?!\d)")
FEWEST = 13  # digits of a number
NEAR = 24


def find_cards(text: str, low: str) -> Iterator[Finding]:
    for match in NUMBER.finditer(text) if may_have_digits(text, FEWEST, " .-") else ():
        if _is_card(low, match):
            yield Finding(Kind.CARD_NUMBER, match.start(), match.end(), 0.95)
    for _, end in cues(text, low, "card_check"):
        at, _ = link(low, end)
        if found := CHECK.match(low, at):
            yield Finding(Kind.CARD_NUMBER, found.start(), found.end(), 0.8)


def _is_card(low: str, match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match.group())
    if not ISSUER.match(digits) or len(set(digits)) < 2 or not luhn(digits):
        return False
    before = low[max(0, match.start() - NEAR) : match.start()]
    card = [found.end() for found in pattern("cues", "card").finditer(before)]
    other = [found.end() for found in pattern("not", "numbers").finditer(before)]
    if card or other:
        return max(card, default=0) > max(other, default=0)
    # Without a word: written as on a card, or of the usual length.
    return GROUPED.fullmatch(match.group()) is not None or (len(digits) == 16 and "." not in match.group())
