"""What somebody who is still typing means: the rest of a word, the right letters of a wrong one."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from kefu.text import concepts
from kefu.text.retrieval.wording import is_single
from kefu.text.tokens import CJK, raw_words, words

COMPLETIONS = 16
SHORTEST = 4  # letters of a word that may hold a typing error
SHORTEST_MENDED = 5  # the same in a finished question: a short word one letter off may be another word
LOOKED_AT = 300
ALIKE = 55  # of 100: how like a text must be to be meant


class Typeahead:
    """The words of all texts as they are written, and how to read an unfinished or misspelt query with them."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}
        self._seen: Counter[str] = Counter()
        self._sorted: list[str] = []
        self._fresh: list[str] = []
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)

    def learn(self, texts: Iterable[str], language: str) -> list[str]:
        """Take in the words of some texts; the list is what ``forget`` wants back."""
        met: list[str] = []
        for piece in {piece for text in texts for piece in raw_words(text) if not CJK.match(piece)}:
            met.append(piece)
            self._seen[piece] += 1
            if piece not in self._tokens:
                self._tokens[piece] = words(piece, language)[0]
                self._fresh.append(piece)
                self._by_shape[piece[0], len(piece)].append(piece)
        return met

    def forget(self, met: Iterable[str]) -> None:
        """Undo one ``learn``. Words that nobody uses any more stay in the tables and are passed over."""
        self._seen.subtract(met)

    def knows(self, word: str) -> bool:
        """Whether a text has a word, or one that begins with it."""
        return self._seen[word] > 0 or bool(self._completions(word))

    def weights(self, query: str, language: str, known: Callable[[str], bool]) -> dict[str, float]:
        """Tokens of a query under way with their weights. ``known`` says whether any document has a token."""
        weights: dict[str, float] = {}
        pieces = raw_words(query)
        for place, piece in enumerate(pieces):
            if CJK.match(piece):
                weights.update(_characters(piece, known))
                continue
            token = next(iter(words(piece, language)), piece)
            weights[token] = 1.0
            unfinished = place == len(pieces) - 1 and not query[-1:].isspace()
            endings = self._completions(piece) if unfinished else []
            for word in endings:
                meant = self._tokens[word]
                weights[meant] = max(weights.get(meant, 0.0), 0.8 * (len(piece) / len(word)) ** 0.5)
            if not endings and not known(token):
                del weights[token]
                near = self._near(piece)
                weights.update({self._tokens[word]: 0.8 for word in near} or {token: 1.0})
        return weights

    def corrected(self, query: str, known: Callable[[str], bool]) -> str:
        """The query with its unknown words replaced by the likeliest known ones; the same text if there are none."""
        meant = query
        for piece in raw_words(query):
            if not CJK.match(piece) and not self._seen[piece] and not known(piece):
                near = self._near(piece)
                start = meant.casefold().find(piece)
                if near and start >= 0 and not self._completions(piece):
                    meant = meant[:start] + near[0] + meant[start + len(piece) :]
        return meant

    def mended(self, question: str, known: Callable[[str], bool]) -> str:
        """A finished question with its misspelt words put right. Words that name a notion in some language are right."""
        meant = question
        for piece in raw_words(question):
            long = len(piece) >= SHORTEST_MENDED and piece.isalpha() and not CJK.match(piece)
            if long and not self._seen[piece] and not known(piece) and not concepts.find(piece) and (near := self._near(piece)):
                start = meant.casefold().find(piece)
                meant = meant if start < 0 else meant[:start] + near[0] + meant[start + len(piece) :]
        return meant

    def _completions(self, prefix: str) -> list[str]:
        """Words that begin with a prefix, the most used first."""
        if self._fresh:
            self._sorted.extend(self._fresh)
            self._sorted.sort()
            self._fresh = []
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + "\U0010ffff", start)
        found = [word for word in self._sorted[start : min(end, start + LOOKED_AT)] if self._seen[word] > 0]
        return sorted(found, key=lambda word: (-self._seen[word], word))[:COMPLETIONS]

    def _near(self, word: str) -> list[str]:
        """Words one edit away (two letters changed places count as one), the most used first."""
        if len(word) < SHORTEST:
            return []
        shapes = {(first, len(word) + more) for first in word[:2] for more in (-1, 0, 1)}
        nearby = [other for shape in sorted(shapes) for other in self._by_shape.get(shape, ())]
        found = process.extract(word, nearby, scorer=OSA.distance, score_cutoff=1, limit=None)
        alive = [other for other, _, _ in found if self._seen[other] > 0]
        return sorted(alive, key=lambda other: (-self._seen[other], other))[:3]


def _characters(piece: str, known: Callable[[str], bool]) -> dict[str, float]:
    """Pairs of characters; single ones only where no document has the pair, for they are in very many texts."""
    if len(piece) == 1:
        return {piece: 1.0}
    weights = {token: 1.0 for token in words(piece) if not is_single(token)}
    for pair in [pair for pair in weights if not known(pair)]:
        weights.update({character: 0.35 for character in pair})
    if piece[-2:] in weights and known(piece[-2:]):
        return weights
    return weights | {piece[-1]: 0.35}


def nearest(query: str, texts: Iterable[str]) -> str | None:
    """The text most like a query, None when none is like enough or one is the same."""
    found = process.extractOne(query, list(texts), scorer=fuzz.ratio, score_cutoff=ALIKE)
    return str(found[0]) if found and found[0].casefold() != query.casefold() else None
