"""Seed phrases whose words are written together: Japanese without spaces, English in one string or in CamelCase."""

import re
import unicodedata
from collections.abc import Iterator

from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import has_letters
from kefu.text.secrets.wordlists import lexicon

FEWEST = 11
JAPANESE = re.compile(r"[\u3040-\u309f\u3099\u309a]{33,400}")
SHORTEST = 36  # letters of an English one
LATIN = re.compile(rf"[A-Za-z]{{{SHORTEST},400}}")
LONGEST = 12  # letters of a word, decomposed


def find_joined_phrases(text: str, low: str) -> Iterator[Finding]:
    for expression, name in ((JAPANESE, "japanese"), (LATIN, "english")):
        if expression is LATIN and not has_letters(text, SHORTEST):
            continue
        for match in expression.finditer(text):
            if words_in(unicodedata.normalize("NFKD", match.group().lower()), lexicon()[name]) >= FEWEST:
                yield Finding(Kind.SEED_PHRASE, match.start(), match.end(), 0.9)


def words_in(letters: str, index: dict[str, int]) -> int:
    """How many list words the letters are cut into, if they can be without a rest; 0 if not."""
    best = [0, *[-1] * len(letters)]
    for end in range(3, len(letters) + 1):
        for size in range(3, min(LONGEST, end) + 1):
            if best[end - size] >= 0 and letters[end - size : end] in index:
                best[end] = max(best[end], best[end - size] + 1)
    return max(best[-1], 0)
