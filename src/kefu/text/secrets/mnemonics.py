"""Seed phrases of BIP-39 that are written with spaces, however they are numbered, separated or split."""

import re
from collections.abc import Iterator, Sequence

from kefu.text.secrets.cues import link, pattern, skip_between
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.reading import FILLERS, INVISIBLE, Reading, Token, is_filler, may_hold
from kefu.text.secrets.wordlists import LENGTHS, any_checksum, is_typo, known_words, lexicon

FEWEST = 11  # list words in a row that are no prose any more, whatever the checksum says
FEWEST_NAMED = 5  # the same, in a text that says it is about a seed phrase and shows FEWEST_IN_ALL of them
FEWEST_IN_ALL = 10
PARTS_WITHIN = 120  # characters between two parts of a phrase
PARTS_NAMED_WITHIN = 400
SENTENCE = 0.34  # share of words that only hold a sentence together, from which a run is one
PARTIAL = 8  # the same, where they stand right behind the word that names them
VARIED = 0.7  # share of different words below which a run without a checksum is some form's repetition
MOST_TYPOS = 3
MOST_LOOSE = 3  # words in a row between two items of a list: "second word is"
MOST_CHECKED = 60  # words of a run in which a checksum is looked for
FEWEST_FOREIGN = 12  # words of a list that is not known here (Monero, SLIP-39) behind the word that names them
NAMED_WITHIN = 40
MOST_FOREIGN = 40

SEPARATOR = re.compile(r"[\s,;|/_\-\d.()#\"'*]{0,12}")
# Fillers of prose: only after some list words, and never two in a row.
LOOSE_FILLERS = frozenset("the is and then y и e et 和 是".split())
WORD_FOR_WORD = frozenset("word words palabra слово kelime từ 词 詞".split())
FUNCTION_WORDS = frozenset(
    "a an the of to in on at by for from with and or but not is are was were be been am do does did have has had i you he she it we they me my your his her its our their this that these those what which who when where how why if so as "
    "can could will would should may must please help there then than too very just also no yes de la el los las un una que y o en con por para mi su es del al lo se le les et du des une je tu il est не на и в я что это как мой ve bir bu için ile ben"
    .split()
)  # fmt: skip

# Those of the English list; of words drawn by chance one in forty is among them.
LISTED_FUNCTION_WORDS = frozenset(
    "about above all also any before between can else then that this they there you your only now must more much other over real right sure they through under until use very what when where will with work yes same still just keep because again after"
    .split()
)  # fmt: skip


def find_mnemonics(text: str, low: str) -> Iterator[Finding]:
    text = text.replace("\\n", "  ")  # line ends as JSON writes them
    named = pattern("cues", "seed_phrase").search(low) is not None
    hidden = INVISIBLE.search(text) is not None
    if not (named or hidden or may_hold(text, FEWEST, MOST_TYPOS)):
        return
    for reading in (Reading(text), Reading.without_invisible(text)) if hidden else (Reading(text),):
        if reading.listed >= PARTIAL:
            runs = [(run, _count(run)) for tokens in reading.stretches(FEWEST_NAMED) for run in _long_runs(low, tokens)]
            found = list(_phrases(low, runs))
            yield from found
        else:
            found = []
        if named:
            yield from _abbreviated(reading)
            sure = [(one.start, one.end) for one in found if one.certainty == 1.0]
            yield from (one for one in _foreign(low, reading) if not any(start <= one.start < end for start, end in sure))


def _long_runs(low: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    for run in _runs(low, tokens):
        if len(run) >= FEWEST_NAMED:
            yield from _complete(low, run)


def _phrases(low: str, runs: Sequence[tuple[list[Token], int]]) -> Iterator[Finding]:
    long = [(run, count) for run, count in runs if count >= FEWEST_NAMED]
    named = sum(count for _, count in long) >= PARTIAL and _named_outside(low, [run for run, _ in long])
    in_parts = _in_parts(low, long) if named else set()
    for place, (run, count) in enumerate(long):
        valid = count >= FEWEST and _checks(run)
        enough = valid or (count >= FEWEST and (named or _is_varied(run)) and not _is_sentence(run))
        partial = named and count >= PARTIAL and _named_before(low, run[0].start) and not _is_sentence(run)
        if enough or partial or place in in_parts:
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 1.0 if valid else 0.8)


def _in_parts(low: str, runs: Sequence[tuple[list[Token], int]]) -> set[int]:
    """Which runs are the parts of one phrase ("first half: …, second half: …"): near each other and near words that name
    it, words rather than sentences, and FEWEST_IN_ALL together."""
    found: set[int] = set()
    group: list[int] = []
    for place, (run, _) in enumerate(runs):
        if group and run[0].start - runs[group[-1]][0][-1].end > PARTS_WITHIN:
            group = []
        if _is_varied(run) and not _is_sentence(run):
            group.append(place)
            if sum(runs[one][1] for one in group) >= FEWEST_IN_ALL and _named_around(low, runs[group[0]][0][0].start, run[-1].end):
                found.update(group)
    return found


def _named_around(low: str, start: int, end: int) -> bool:
    cue = pattern("cues", "seed_phrase")
    return bool(cue.search(low, max(0, start - PARTS_NAMED_WITHIN), start) or cue.search(low, end, end + PARTS_WITHIN))


def _is_sentence(run: Sequence[Token]) -> bool:
    return sum(token.word in LISTED_FUNCTION_WORDS for token in run) >= SENTENCE * len(run)


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
        elif run and is_filler(token.word) and _enumerates(loose, token, run[-1].word, len(run)):
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


def _complete(low: str, run: list[Token]) -> Iterator[list[Token]]:
    """A phrase whose checksum holds ends at the end of its line: what follows on the next one is looked at by itself."""
    if len(run) < LENGTHS[-1]:
        yield run
        return
    known = known_words()
    listed = [n for n, token in enumerate(run) if token.word in known]
    for length in LENGTHS:  # the longest first: the half of a long phrase may seem to be a whole one
        if len(listed) < length or not any_checksum([run[n].word for n in listed[:length]], (length,)):
            continue
        if len(listed) > length and "\n" in low[run[listed[length - 1]].end : run[listed[length]].start]:
            yield run[: listed[length - 1] + 1]
            yield from _complete(low, run[listed[length] :])
            return
        break
    yield run


def _enumerates(loose: Sequence[Token], token: Token, last: str, length: int) -> bool:
    """Whether a filler stands between items of a list ("word 2", "and") rather than inside a sentence."""
    if len(loose) >= MOST_LOOSE:
        return False
    if token.word not in LOOSE_FILLERS or last in WORD_FOR_WORD:
        return True
    return (bool(loose) and is_filler(loose[-1].word)) or (token.word in {"and", "y", "и", "then", "和"} and length >= FEWEST_NAMED)


def _is_label(low: str, last: Token, token: Token) -> bool:
    """Whether the word before is no item but the name of what follows: "seed: …"."""
    if token.start - last.end == 1 and low[last.end] == " ":
        return False
    between = low[last.end : token.start].strip(" \"'")
    return between[:1] in {":", "：", "="} and pattern("cues", "seed_phrase").fullmatch(last.word) is not None


def _checks(run: Sequence[Token]) -> bool:
    known = known_words()
    return any_checksum([token.word for token in run[:MOST_CHECKED] if token.word in known])


def _abbreviated(reading: Reading) -> Iterator[Finding]:
    """Words cut to their first four letters, as on metal plates: "aban abil able abou"."""
    english = lexicon()["english"]
    for first, end in reading.shortened(FEWEST):
        cut = sum(1 for word in reading.words[first:end] if word not in english)
        if cut * 3 >= end - first:
            yield Finding(Kind.SEED_PHRASE, reading.token(first).start, reading.token(end - 1).end, 0.8)


def _foreign(low: str, reading: Reading) -> Iterator[Finding]:
    """A list of words without grammar right behind "seed:": other wallets' word lists (Monero, SLIP-39)."""
    for match in pattern("cues", "seed_phrase").finditer(low):
        at, tie = link(low, match.end())
        if tie != "sign":
            at, tie = link(low, skip_between(low, match.end()))
        if tie != "sign":
            continue
        run: list[Token] = []
        for token in reading.tokens_from(at, MOST_FOREIGN):
            apart = SEPARATOR.fullmatch(low, run[-1].end if run else at, token.start) is None
            if apart or not 3 <= len(token.word) <= 12 or not token.word.isascii() or token.word in FUNCTION_WORDS:
                break
            run.append(token)
        if len(run) >= FEWEST_FOREIGN:
            yield Finding(Kind.SEED_PHRASE, run[0].start, run[-1].end, 0.6)
