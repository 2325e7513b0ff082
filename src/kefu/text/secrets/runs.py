"""Whether a text can hold a long run of some characters at all: a look byte by byte, a hundred times quicker than an
expression, so that long texts without one are spared the expressions that look for it."""

import string

_LETTERS = string.ascii_letters.encode()
_DIGITS = string.digits.encode()
_CAPITALS = string.ascii_uppercase.encode()
_BEYOND = bytes(range(0xC0, 0x100))  # each character that is not ASCII begins with one of these ...
_CONTINUED = bytes(range(0x80, 0xC0))  # ... and goes on with these


def _table(**kinds: bytes) -> bytes:
    return bytes(next((ord(sign) for sign, of in kinds.items() if byte in of), ord(".")) for byte in range(256))


_LETTER = _table(a=_LETTERS)
_ALNUM = _table(a=_LETTERS + _DIGITS)
_DIGIT = _table(d=_DIGITS + _BEYOND)  # other scripts have digits too: what is not ASCII may be one
_COUNTRY = _table(L=_CAPITALS, d=_DIGITS + _BEYOND)


def has_letters(text: str, count: int) -> bool:
    """Whether ``count`` English letters stand together somewhere."""
    return b"a" * count in _bytes(text).translate(_LETTER)


def has_alphanumerics(text: str, count: int) -> bool:
    """Whether ``count`` English letters and figures stand together somewhere."""
    return b"a" * count in _bytes(text).translate(_ALNUM)


def may_have_digits(text: str, count: int, between: str = "") -> bool:
    """Whether ``count`` digits may follow each other somewhere, with some of ``between`` (ASCII) or nothing between them."""
    return b"d" * count in _bytes(text).translate(_DIGIT, _CONTINUED + between.encode())


def may_have_country_code(text: str) -> bool:
    """Whether two capitals and two digits may stand together, as an IBAN begins."""
    return b"LLdd" in _bytes(text).translate(_COUNTRY, _CONTINUED)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
