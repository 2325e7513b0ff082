"""Conversation numbers that can be quoted on the phone: prefix, year, sequence, and a check digit.

The check digit is Luhn's (ISO/IEC 7812-1, annex B) over year and sequence: it catches every single wrong digit and
nearly every swap of two neighbours.
"""

import re

NUMBER = re.compile(r"\b([A-Z]{1,6})[-\s]?(\d{2})[-\s]?(\d{7,12})[-\s]?(\d)\b", re.IGNORECASE)


def check_digit(digits: str) -> int:
    """Luhn's check digit for a string of decimal digits."""
    total = 0
    for position, character in enumerate(reversed(digits)):
        value = int(character) * (2 if position % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def make(prefix: str, year: int, sequence: int) -> str:
    """The public number, such as ``BC-26-0001234-5``."""
    digits = f"{year % 100:02d}{sequence:07d}"
    return f"{prefix}-{digits[:2]}-{digits[2:]}-{check_digit(digits)}"


def read(text: str) -> str | None:
    """The first valid number in what somebody typed, in its written form; None when there is none.

    Spaces, missing dashes and lower case are forgiven; a wrong check digit is not.
    """
    for match in NUMBER.finditer(text):
        prefix, year, sequence, check = match.groups()
        if check_digit(year + sequence) == int(check):
            return f"{prefix.upper()}-{year}-{sequence}-{check}"
    return None
