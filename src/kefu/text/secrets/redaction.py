"""Taking secrets out of a text: every detector's findings, merged, each replaced by a mark."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator

from kefu.text.secrets.api_secrets import find_api_secrets
from kefu.text.secrets.cards import find_cards
from kefu.text.secrets.cues import lower
from kefu.text.secrets.finding import Finding, Kind, Redaction
from kefu.text.secrets.identity_numbers import find_identity_numbers
from kefu.text.secrets.joined_phrases import find_joined_phrases
from kefu.text.secrets.key_files import find_key_files
from kefu.text.secrets.mnemonics import find_mnemonics
from kefu.text.secrets.named_keys import find_named_keys
from kefu.text.secrets.one_time_codes import find_one_time_codes
from kefu.text.secrets.passwords import find_passwords
from kefu.text.secrets.wallet_keys import find_wallet_keys

Detector = Callable[[str, str], Iterator[Finding]]


def find_chinese_phrases(text: str, low: str) -> Iterator[Finding]:
    """Loaded with the first text: it brings numpy, which takes a third of a second."""
    from kefu.text.secrets import chinese_phrases

    return chinese_phrases.find_chinese_phrases(text, low)


# The first of two that say the same names it.
DETECTORS: tuple[Detector, ...] = (
    find_mnemonics, find_chinese_phrases, find_joined_phrases, find_wallet_keys, find_named_keys, find_key_files,
    find_api_secrets, find_passwords, find_one_time_codes, find_cards, find_identity_numbers,
)  # fmt: skip
MARK = "[removed: {kind}]"
MARKS = re.compile(rf"\[removed: (?:{'|'.join(Kind)})\]")
# What detectors see in a mark's place: no letter, no space, no sign, so that a mark is neither secret nor cue.
BLANK = "\ufffc"
PASSES = 4


def redact(text: str) -> Redaction:
    """``text`` without its secrets, each replaced by a mark such as ``[removed: seed_phrase]``, and what was found.

    Positions refer to the original text, findings come in its order and do not overlap. Redacting twice changes
    nothing. A transaction id, an address or ordinary prose is never touched.
    """
    kept: list[Finding] = []
    if not text or text.isspace():
        return Redaction(text, kept)
    made = text
    for _ in range(PASSES):
        seen = MARKS.sub(lambda mark: BLANK * len(mark.group()), made)
        low = lower(seen)
        fresh = [finding for detect in DETECTORS for finding in detect(seen, low)]
        if not fresh:
            break
        place = _places(kept)
        kept = merged([*kept, *(Finding(f.kind, place(f.start, False), place(f.end, True), f.certainty) for f in fresh)])
        made = _marked(text, kept)
    return Redaction(made, kept)


def merged(found: Iterable[Finding]) -> list[Finding]:
    """Findings in order; where two overlap one that covers both, named by the first."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, -f.end)):
        if kept and finding.start < kept[-1].end:
            last = kept[-1]
            if finding.end > last.end:
                kept[-1] = Finding(last.kind, last.start, finding.end, max(last.certainty, finding.certainty))
            continue
        kept.append(finding)
    return kept


def _marked(text: str, kept: list[Finding]) -> str:
    parts, at = [], 0
    for finding in kept:
        parts += [text[at : finding.start], MARK.format(kind=finding.kind)]
        at = finding.end
    return "".join([*parts, text[at:]])


def _places(kept: list[Finding]) -> Callable[[int, bool], int]:
    """Turns a place in the marked text into the place in the original; inside a mark, to that end of its secret."""
    stretches: list[tuple[int, int, Finding | None]] = []  # place in the marked text, in the original, the mark's secret
    marked = at = 0
    for finding in kept:
        stretches.append((marked, at, None))
        marked += finding.start - at
        stretches.append((marked, finding.start, finding))
        marked += len(MARK.format(kind=finding.kind))
        at = finding.end
    stretches.append((marked, at, None))
    starts = [start for start, _, _ in stretches]

    def place(position: int, end: bool) -> int:
        first, original, finding = stretches[bisect_right(starts, position - end) - 1]
        if finding:
            return finding.end if end else finding.start
        return original + position - first

    return place
