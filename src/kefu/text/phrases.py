"""Phrases that experts write down, compiled for matching: "{talk} (to|with) [a] {person}".

``{name}`` is any word of that list, ``(a|b)`` a choice, ``[a]`` or ``(a)?`` something that may be left out, ``~`` a gap of up to
three words (six characters where a script has no spaces), ``*`` the rest of a word, ``.`` the end of a sentence or a pause. Case, accents, punctuation,
and traditional or simplified characters make no difference. A phrase never reaches over the end of a sentence.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from kefu.text.tokens import HAN, SPACELESS, fold

Classes = Mapping[str, Sequence[str]]

END = "\n"
_ENDS = re.compile(r"[.!?…。！？؟\n]+(?=\s|$|[^\x00-\x7f])|[;；\n]+")
_PAUSES = re.compile(r"[,，、:：()（）\"“”«»\[\]]+")
_MARKS = re.compile(r"[^\w\s,*]+")
_BOUNDARY = re.compile(rf"(?<=[{HAN}{SPACELESS}])(?=[^\W{HAN}{SPACELESS}])|(?<=[^\W{HAN}{SPACELESS}])(?=[{HAN}{SPACELESS}])")
_GAPS = {True: r"(?:,?\ [^\s,]+){0,3}", False: r"[^\n,]{0,6}"}
_PART = re.compile(r"\{(\w+)\}|[\[\]()|~?.]|\s+|[^\s\[\]()|~{}?.]+")


def spaced(text: str) -> str:
    """A text as phrases of spaced languages see it: each word after one space, each sentence on a line of its own."""
    flat = _PAUSES.sub(", ", _ENDS.sub(END, fold(text).replace("'", "").replace("ʼ", "")))
    flat = _BOUNDARY.sub(" ", _MARKS.sub(" ", flat).replace("_", " "))
    return END.join(" " + " ".join(line.split()).replace(" ,", ",") for line in flat.split(END))


def unspaced(text: str) -> str:
    """A text as phrases of Chinese, Japanese, Thai and Korean see it: without spaces, each sentence on a line."""
    flat = _PAUSES.sub(",", _ENDS.sub(END, fold(text).replace("'", "")))
    return END.join(re.sub(r"\s+", "", _MARKS.sub("", line)) for line in flat.split(END))


def compiled(phrases: Iterable[str], classes: Classes, *, spaces: bool) -> re.Pattern[str]:
    """One pattern for all phrases, for a text prepared by ``spaced`` or ``unspaced``.

    Raises ``KeyError`` for a list that ``classes`` does not have, ``ValueError`` for brackets that do not match.
    """
    made = [_phrase(phrase, classes, spaces) for phrase in phrases]
    if not made:
        return re.compile(r"(?!)")
    end = r"(?=[\s,]|$)" if spaces else ""
    return re.compile(f"(?:{'|'.join(made)}){end}")


def whole(items: Iterable[str], fillers: Iterable[str], classes: Classes, *, spaces: bool) -> re.Pattern[str]:
    """A pattern for a message that consists of one of ``items`` and else of ``fillers`` only; for ``fullmatch``."""
    filler = "|".join([*(_phrase(one, classes, spaces) for one in fillers), r"[\s,]"])
    wanted = "|".join(_phrase(one, classes, spaces) for one in items) or "(?!)"
    end = r"(?=[\s,]|$)" if spaces else ""
    return re.compile(
        f"(?:(?:{filler}){end})*?(?:{wanted}){end}(?:(?:{filler}){end})*?" if spaces else f"(?:{filler})*?(?:{wanted})(?:{filler})*?"
    )


def _phrase(phrase: str, classes: Classes, spaces: bool) -> str:
    made, depth = "", 0
    for match in _PART.finditer(fold(phrase).replace("'", "")):
        part = match.group()
        if match.group(1):
            words = sorted({_literal(word, spaces) for word in _words(match.group(1), classes)}, key=lambda w: (-len(w), w))
            made += f"(?:{'|'.join(words)})"
        elif part in "([":
            made, depth = made + "(?:", depth + 1
        elif part in ")]":
            made, depth = made + (")?" if part == "]" else ")"), depth - 1
        elif part in "|?":
            made += part
        elif part == "~":
            made += _GAPS[spaces]
        elif part == ".":
            made += r"(?=[\n,]|$)"
        elif not part.isspace():
            made += _literal(part, spaces)
    if depth:
        raise ValueError(f"brackets do not match in {phrase!r}")
    return made


def _words(name: str, classes: Classes) -> list[str]:
    """The words of a list; ``{other}`` inside a list stands for the words of that one."""
    found: list[str] = []
    for word in classes[name]:
        nested = re.fullmatch(r"\{(\w+)\}", word)
        found += _words(nested.group(1), classes) if nested else [word]
    return found


def _literal(words: str, spaces: bool) -> str:
    rest = r"[^\s,]*" if spaces else r"[^\n,]{0,3}"
    parts = [re.escape(word).replace(r"\*", rest) for word in _MARKS.sub("", fold(words).replace("-", " ")).split()]
    return "".join(r",?\ " + part for part in parts) if spaces else "".join(parts)
