"""Passwords that are guessed first: common ones, walks over the keyboard, and the words that stand around their owner."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LEAST_PIECES = 3  # that a guesser would have to put together
LEAST_STRANGE = 2  # of them, that are no words of the place
STRAY = 3  # letters beside the pieces; more were put there by chance
SHORTEST = 3  # letters of a piece; two in scripts that write words without letters
WALK = 4  # keys or letters in a row
LEET = str.maketrans("01345789@$!|+", "oleastbgasiit")
WALKS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "azertyuiop",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp", "qweasdzxc", "йцукенгшщзхъ",
    "фывапролджэ", "ячсмитьбю", "!@#$%^&*()",
)  # fmt: skip
ALWAYS = {
    "kefu",
    "客服",
    "support",
    "helpdesk",
    "service",
    "password",
    "agent",
    "supervisor",
    "administrator",
    "admin",
    "editor",
    "auditor",
}
EVERYWHERE = {"www", "com", "net", "org", "example", "localhost", "mail", "help"}  # labels of addresses that name nobody


class Guessable:
    """Refuses what is put together from fewer than three pieces that a guesser would try: common passwords, and words of
    the place (ours, the operator's, the owner's name and address). Digits, signs, repetitions and walks count for nothing.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError, and names a word that belongs to the owner or the place."""
        own = context_words(user)
        for text in {password.casefold(), _unleet(password.casefold())}:
            pieces = _pieces(text, own)
            if pieces is None or (len(pieces) >= LEAST_PIECES and len(pieces - own) >= LEAST_STRANGE):
                continue
            if named := sorted(pieces & own):
                words = _(
                    "“%(word)s” is what somebody would try first here. Take three or more words that have nothing to do with you or us."
                )
                raise ValidationError(words % {"word": named[0]}, code="password_of_the_place")
            words = _(
                "This is among the first things that are tried: common words, rows of keys, numbers. Take three or more unlike words."
            )
            raise ValidationError(words, code="password_guessable")

    def get_help_text(self) -> str:
        return _("Three or more words that have nothing to do with you or us are best.")


def context_words(user: Any = None) -> frozenset[str]:
    """What a password must not rest on, in small letters: Kefu's and the operator's names, the site's, and the owner's own."""
    addresses = [settings.BRAND_DOMAIN, urlsplit(settings.SITE_URL).hostname or "", str(getattr(user, "email", ""))]
    agent = getattr(user, "agent", None)
    names = [*settings.BRAND.values(), str(getattr(user, "name", "")), *((agent.alias, agent.alias_en) if agent else ())]
    found = set(ALWAYS)
    for text in addresses:
        found.update(word for word in re.findall(r"[^\W\d_]+", text.casefold()) if word not in EVERYWHERE)
    for text in names:
        found.update([*re.findall(r"[^\W\d_]+", text.casefold()), re.sub(r"[\W\d_]+", "", text.casefold())])
    return frozenset(word for word in found if len(word) >= _least(word))


def _pieces(text: str, own: frozenset[str]) -> set[str] | None:
    """The different pieces of which ``text`` is made; None when one of its parts is nothing that a guesser knows."""
    known: set[str] = set()
    stray = 0
    for part in {_once(one) for one in re.findall(r"[^\W\d_]+", _without_walks(_once(text), own))}:
        cut = _cut(part, own)
        if cut is None:
            return None
        known.update(cut)
        stray += len(part) - sum(map(len, cut))
    return known if stray <= STRAY else None


def _cut(part: str, own: frozenset[str]) -> set[str] | None:
    """A run of letters as one or two known pieces; a stray letter or two is none."""
    if len(part) < _least(part) or _known(part, own):
        return {part} if len(part) >= _least(part) else set()
    for at in range(1, len(part)):
        left, right = part[:at], part[at:]
        if all(len(one) < _least(one) or _known(one, own) for one in (left, right)):
            return {one for one in (left, right) if len(one) >= _least(one)}
    return None


def _known(word: str, own: frozenset[str]) -> bool:
    return word in own or word in _common()


def _least(word: str) -> int:
    return SHORTEST if word.isascii() else 2


def _once(text: str) -> str:
    """“abcabcabc” is “abc”."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


def _without_walks(text: str, own: frozenset[str]) -> str:
    """Rows of keys, of the alphabet and of one letter become a space; a word that holds one (“hijklove”) loses only that."""
    if _known(text, own):
        return text
    text = re.sub(r"(.)\1{2,}", " ", text)
    kept, at = [], 0
    while at < len(text):
        length = _walk_at(text, at)
        kept.append(" " if length else text[at])
        at += length or 1
    return "".join(kept)


def _walk_at(text: str, at: int) -> int:
    """How many characters from ``at`` on follow a walk, forwards or backwards; 0 for fewer than four."""
    best, begin = 0, text[at : at + WALK]
    for row in (one for walk in WALKS for one in (walk, walk[::-1])):
        start = row.find(begin) if len(begin) == WALK else -1
        if start < 0:
            continue
        length = WALK
        while at + length < len(text) and row[start + length : start + length + 1] == text[at + length]:
            length += 1
        best = max(best, length)
    return best


def _unleet(text: str) -> str:
    """“p4$$w0rd1234” is “password1234”: digits at the ends stay digits."""
    core = re.fullmatch(r"([\W\d_]*)(.*?)([\W\d_]*)", text, re.S)
    return f"{core[1]}{core[2].translate(LEET)}{core[3]}" if core else text


@cache
def _common() -> frozenset[str]:
    """Django's list of the 20,000 most common."""
    return frozenset(CommonPasswordValidator().passwords)
