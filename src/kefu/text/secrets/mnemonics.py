"""Seed phrases of BIP-39 that are written with spaces, however they are numbered, separated or split."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kefu.text.secrets.cues import link, pattern, skip_between
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.wordlists import any_checksum, fold, is_typo, known_words, lexicon, prefixes

FEWEST = 11  # list words in a row that are no prose any more, whatever the checksum says
FEWEST_NAMED = 5  # the same, in a text that says it is about a seed phrase and shows FEWEST_IN_ALL of them
FEWEST_IN_ALL = 10
PARTIAL = 8  # the same, where they stand right behind the word that names them
VARIED = 0.7  # share of different words below which a run without a checksum is some form's repetition
MOST_TYPOS = 3
MOST_LOOSE = 3  # words in a row between two items of a list: "second word is"
MOST_CHECKED = 60  # words of a run in which a checksum is looked for
FEWEST_FOREIGN = 12  # words of a list that is not known here (Monero, SLIP-39) behind the word that names them
NAMED_WITHIN = 40
MOST_FOREIGN = 40

_LETTER = r"[^\W\d_\u3400-\u9fff\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff\u2776-\u2793\u3220-\u32ff]"  # no digits in circles, no Han
WORD = re.compile(rf"\ufffc+|[\u3400-\u9fff]+|{_LETTER}+(?:[\u0300-\u036f\u3099\u309a\ufffd]+{_LETTER}*)*")
SEPARATOR = re.compile(r"[\s,;|/_\-\d.()#\"'*]{0,12}")
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
# Words between the words: "word 1: abandon, word 2: ability", "<li>abandon</li>".
FILLERS = frozenset(
    "word words the is no nr number th st nd rd and then next n li br td tr ol ul p div span nbsp palabra слово kelime từ y и e et".split()
)
# Fillers of prose: only after some list words, and never two in a row.
LOOSE_FILLERS = frozenset("the is and then y и e et 和 是".split())
FILLERS_HAN = frozenset("第个個词詞字单單是为為和号號")
WORD_FOR_WORD = frozenset("word words palabra слово kelime từ 词 詞".split())
FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for from with and or but not is are was were be been am do does did have has had i you he she it we they me my your his her its our their this that these those what which who when where how why if so as "
    "can could will would should may must please help there then than too very just also no yes de la el los las un una que y o en con por para mi su es del al lo se le les et du des une je tu il est не на и в я что это как мой ve bir bu için ile ben"
    .split()
)  # fmt: skip


class Token(NamedTuple):
    """A word of the text: its folded form and place."""

    word: str
    start: int
    end: int


def find_mnemonics(text: str, low: str) -> Iterator[Finding]:
    text = text.replace("\\n", "  ")  # line ends as JSON writes them
    named = pattern("cues", "seed_phrase").search(low) is not None
    known = known_words()
    for tokens in _readings(text):
        if sum(1 for token in tokens if token.word in known) >= PARTIAL:
            runs = [(run, _count(run)) for run in _runs(low, tokens)]
            yield from _phrases(low, runs)
        if named:
            yield from _abbreviated(tokens)
            yield from _foreign(low, tokens)


def _readings(text: str) -> Iterator[list[Token]]:
    """The words of a text; and once more with zero-width characters taken out, where there are any."""
    yield [Token(fold(m.group()), *m.span()) for m in WORD.finditer(text)]
    if INVISIBLE.search(text):
        yield _without_invisible(text)


def _without_invisible(text: str) -> list[Token]:
    """The words of a text with zero-width characters in or between them."""
    places = [i for i, character in enumerate(text) if not INVISIBLE.match(character)]
    bare = "".join(text[i] for i in places)
    return [Token(fold(m.group()), places[m.start()], places[m.end() - 1] + 1) for m in WORD.finditer(bare)]


def _phrases(low: str, runs: Sequence[tuple[list[Token], int]]) -> Iterator[Finding]:
    total = sum(count for _, count in runs if count >= FEWEST_NAMED)
    long = [(run, count) for run, count in runs if count >= FEWEST_NAMED]
    named = bool(long) and total >= PARTIAL and _named_outside(low, [run for run, _ in long])
    for run, count in long:
        valid = count >= FEWEST and _checks(run)
        enough = count >= FEWEST and (valid or named or _is_varied(run))
        split = named and total >= FEWEST_IN_ALL
        partial = named and count >= PARTIAL and _named_before(low, run[0].start)
        if enough or split or partial:
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 1.0 if valid else 0.8)


def _named_outside(low: str, runs: Sequence[Sequence[Token]]) -> bool:
    """Whether words outside the runs speak of a seed phrase ("seed" is itself a word of the list)."""
    spans = [(run[0].start, run[-1].end) for run in runs]
    at = 0
    for match in pattern("cues", "seed_phrase").finditer(low):
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        if at == len(spans) or match.start() < spans[at][0]:
            return True
    return False


def _named_before(low: str, start: int) -> bool:
    return pattern("cues", "seed_phrase").search(low, max(0, start - NAMED_WITHIN), start) is not None


def _count(run: Sequence[Token]) -> int:
    known = known_words()
    return sum(1 for token in run if token.word in known)


def _is_varied(run: Sequence[Token]) -> bool:
    words = [token.word for token in run if token.word in known_words()]
    return len(set(words)) >= VARIED * len(words)


def _runs(low: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The longest stretches of list words, over fillers and a few typos; they begin and end with a list word."""
    known = known_words()
    run: list[Token] = []
    loose: list[Token] = []
    typos = 0
    for token in tokens:
        if run and _is_label(low, run[-1], token):
            yield run
            run, loose, typos = [], [], 0
        if token.word in known and not (loose and token.word in FILLERS):
            run += loose if run else []
            run.append(token)
            loose = []
        elif run and _is_filler(token.word) and _enumerates(loose, token, run[-1].word, len(run)):
            loose.append(token)
        elif run and typos < MOST_TYPOS and not loose and is_typo(token.word, run[-1].word):
            loose.append(token)
            typos += 1
        else:
            if run:
                yield run
            run, loose, typos = [], [], 0
    if run:
        yield run


def _enumerates(loose: Sequence[Token], token: Token, last: str, length: int) -> bool:
    """Whether a filler stands between items of a list ("word 2", "and") rather than inside a sentence."""
    if len(loose) >= MOST_LOOSE:
        return False
    if token.word not in LOOSE_FILLERS or last in WORD_FOR_WORD:
        return True
    return (bool(loose) and _is_filler(loose[-1].word)) or (token.word in {"and", "y", "и", "then", "和"} and length >= FEWEST_NAMED)


def _is_filler(word: str) -> bool:
    return word in FILLERS or not set(word) - FILLERS_HAN


def _is_label(low: str, last: Token, token: Token) -> bool:
    """Whether the word before is no item but the name of what follows: "seed: …"."""
    between = low[last.end : token.start].strip(" \"'")
    return between[:1] in {":", "：", "="} and pattern("cues", "seed_phrase").fullmatch(last.word) is not None


def _checks(run: Sequence[Token]) -> bool:
    known = known_words()
    return any_checksum([token.word for token in run[:MOST_CHECKED] if token.word in known])


def _abbreviated(tokens: Sequence[Token]) -> Iterator[Finding]:
    """Words cut to their first four letters, as on metal plates: "aban abil able abou"."""
    index = prefixes()
    english = lexicon()["english"]
    run: list[Token] = []
    for token in [*tokens, Token("", 0, 0)]:
        if len(token.word) <= 4 and token.word in index:
            run.append(token)
            continue
        cut = [t for t in run if t.word not in english]
        if len(run) >= FEWEST and len(cut) * 3 >= len(run):
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 0.8)
        run = []


def _foreign(low: str, tokens: Sequence[Token]) -> Iterator[Finding]:
    """A list of words without grammar right behind "seed:": other wallets' word lists (Monero, SLIP-39)."""
    starts = [token.start for token in tokens]
    for match in pattern("cues", "seed_phrase").finditer(low):
        at, tie = link(low, match.end())
        if tie != "sign":
            at, tie = link(low, skip_between(low, match.end()))
        if tie != "sign":
            continue
        run: list[Token] = []
        for token in tokens[bisect_left(starts, at) : bisect_left(starts, at) + MOST_FOREIGN]:
            apart = SEPARATOR.fullmatch(low, run[-1].end if run else at, token.start) is None
            if apart or not 3 <= len(token.word) <= 12 or not token.word.isascii() or token.word in FUNCTION_WORDS:
                break
            run.append(token)
        if len(run) >= FEWEST_FOREIGN:
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 0.6)
