"""Identity documents and bank accounts: by check digit where there is one, else by the word beside them."""

import re
from collections.abc import Iterator

from kefu.text.checksums import iban, resident_id
from kefu.text.secrets.cues import cues, link, pattern
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import may_have_country_code, may_have_digits

# A class of characters first, what may not stand before it second: the engine then skips whatever cannot begin a number.
RESIDENT = re.compile(r"\d(?<![0-9A-Za-z].)\d{5}[ ]?\d{8}[ ]?\d{3}[\dXx](?![0-9A-Za-z])")
SSN = re.compile(r"\d(?<![\d-].)(?<!9)\d{2}(?<!000)(?<!666)[- ](?!00)\d{2}[- ](?!0000)\d{4}(?![\d-])")
NUMBER = re.compile(r"[A-Z0-9]{1,4}[ -]?[A-Z0-9]{2,6}[ -]?[A-Z0-9]{2,12}(?:[ -]\d{1,4})?(?:\(\d\)|（\d）)?(?![0-9A-Za-z_-])", re.IGNORECASE)
WORDS = re.compile(
    r"(?:[\s#№.:：]*(?:no\b\.?|nr\b\.?|number|num\b|id\b|号码|號碼|号|字號|numarası|numara|номер|número|numero|số|серия|и)){0,3}[\s#№.:：]*"
)
IBAN = re.compile(r"[A-Z](?<![0-9A-Za-z].)[A-Z]\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?(?![0-9A-Za-z])")
NEAR = 24


def find_identity_numbers(text: str, low: str) -> Iterator[Finding]:
    for match in RESIDENT.finditer(text) if may_have_digits(text, 17, " ") else ():
        number = match.group().replace(" ", "")
        before = low[max(0, match.start() - NEAR) : match.start()]
        if resident_id(number) and (pattern("cues", "identity").search(before) or not pattern("not", "numbers").search(before)):
            yield Finding(Kind.ID_NUMBER, match.start(), match.end(), 1.0)
    if ("ssn" in low or "social" in low) and may_have_digits(text, 9, " -"):
        for match in SSN.finditer(text):
            if re.search(r"ssn|social[\s-]+security", low[max(0, match.start() - 40) : match.start()]):
                yield Finding(Kind.ID_NUMBER, match.start(), match.end(), 0.95)
    yield from _named(text, low)
    for match in IBAN.finditer(text) if may_have_country_code(text) else ():
        plain = match.group().replace(" ", "")
        if 15 <= len(plain) <= 34 and iban(plain):
            yield Finding(Kind.BANK_ACCOUNT, match.start(), match.end(), 1.0)


def _named(text: str, low: str) -> Iterator[Finding]:
    """The number behind "passport" and its like: six digits at least, and no date."""
    for _, end in cues(text, low, "identity"):
        words = WORDS.match(low, end)
        at, _ = link(low, words.end() if words else end)
        number = NUMBER.match(text, at)
        if number is None or (at == end and text[end - 1 : end].isascii() and text[end : end + 1].isalnum()):
            continue
        value = number.group()
        digits = sum(c.isdigit() for c in value)
        if (
            digits >= 6
            and digits * 2 >= len(value) - 3
            and not re.fullmatch(r"\d{4}[ -]\d{1,2}[ -]\d{1,2}|\d{1,2}[ -]\d{1,2}[ -]\d{4}", value)
        ):
            yield Finding(Kind.ID_NUMBER, at, at + len(value), 0.9)
