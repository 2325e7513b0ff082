"""What a question looks like to the classifier: stems, pairs of stems, pieces of words, characters, concepts."""

from kefu.text import concepts
from kefu.text.tokens import CJK, raw_words, script_language, stem

SMALLEST, LARGEST = 3, 5  # letters in a piece of a word
REACH = 12  # words that stand further apart make no pair
MOST_WORDS = 200  # of a text; the rest of a longer one says nothing new about what is asked

# Features come in blocks of one weight each, so that the many pieces of words do not drown the few words.
# First letter: w stem, c concept, a figure for Chinese characters by number, b neighbours in order, p pairs at a distance,
# g pieces, q pairs of concepts.
BLOCKS = {"w": 0, "c": 0, "2": 0, "b": 1, "3": 1, "g": 2, "1": 2, "p": 3, "q": 4}
BLOCK_COUNT = 5


def features(text: str) -> list[str]:
    """Features with their kind as first letter; repeated ones count. Never raises."""
    found: list[str] = []
    stems: list[str] = []
    for piece in raw_words(text)[:MOST_WORDS]:
        if CJK.match(piece):
            found += [f"{n}{piece[i : i + n]}" for n in (1, 2, 3) for i in range(min(len(piece), MOST_WORDS) - n + 1)]
        else:
            stems.append(stem(piece, script_language(piece)))
            padded = f" {piece[:40]} "
            found += [f"g{padded[i : i + n]}" for n in range(SMALLEST, LARGEST + 1) for i in range(len(padded) - n + 1)]
    found += [f"w{word}" for word in stems]
    if stems:
        found += [f"b{a} {b}" for a, b in zip(["^", *stems], [*stems, "$"], strict=True)]
        found += _pairs(stems, "p")
    named = list(dict.fromkeys(concepts.find(text)))[:MOST_WORDS]
    found += [f"c{name}" for name in named]
    found += _pairs(sorted(named), "q")
    return found


def _pairs(words: list[str], kind: str) -> list[str]:
    """Pairs of different words near each other, whatever their order."""
    return [f"{kind}{min(a, b)} {max(a, b)}" for i, a in enumerate(words) for b in words[i + 1 : i + 1 + REACH] if a != b]
