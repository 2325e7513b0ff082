"""What a question looks like to the classifier: stems, pairs of stems, pieces of words, concepts."""

from kefu.text import concepts
from kefu.text.tokens import CJK, raw_words, script_language, stem

SMALLEST, LARGEST = 3, 5


def features(text: str) -> list[str]:
    """Features with their kind as first letter; repeated ones count."""
    pieces = raw_words(text)
    found: list[str] = []
    stems: list[str] = []
    for piece in pieces:
        if CJK.match(piece):
            found += [f"h{piece[i : i + n]}" for n in (1, 2, 3) for i in range(len(piece) - n + 1)]
        else:
            stems.append(stem(piece, script_language(piece)))
            padded = f" {piece} "
            found += [f"g{padded[i : i + n]}" for n in range(SMALLEST, LARGEST + 1) for i in range(len(padded) - n + 1)]
    found += [f"w{word}" for word in stems]
    found += [f"b{a} {b}" for a, b in zip(["^", *stems], [*stems, "$"], strict=True)]
    found += [f"c{name}" for name in concepts.find(text)]
    return found
