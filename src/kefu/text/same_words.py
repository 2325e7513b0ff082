"""Is it the same question in other order or form? Compared by a key of its words."""

from hashlib import sha256

from kefu.text.tokens import words

FEWEST = 2  # "hello" is no question


def words_key(text: str) -> str:
    """64 hexadecimal digits, the same for the same stems in any order; empty for fewer than two words."""
    tokens = sorted(set(words(text)))
    return sha256(" ".join(tokens).encode()).hexdigest() if len(tokens) >= FEWEST else ""
