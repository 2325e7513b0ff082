"""Where the earlier mail begins: "On Tuesday Ana wrote:", a block of From/Sent/To/Subject, "-----Original Message-----".

Every test looks at a few lines of bounded length, so that a long text costs no more than its length.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from kefu.text.mail.words import folded, seen, words

ENDS = (":", "：", "-", "–", "—", "*")  # how "On … wrote" may end
POSSIBLE_ENDS = (*ENDS, ">")  # the last one only above quoted lines
_LAST = frozenset(":：-–—*>\u202c\u200f\u200e\u2069")
MANY = 24  # lines of fields at most
LONGEST_HEADER = 400  # characters of "On … wrote:" over at most three lines
MARK = re.compile(r"^\s{0,4}[>|](?:\s?[>|])*\s?")  # ">", ">>", "> >"
_BEGINS = re.compile(r"[\d@<]")
_ADDRESS = re.compile(r"[\w.+=\-]{1,80}@[\w\-]{1,80}(?:\.[\w\-]{1,40}){0,6}")
_ADDRESS_LAST = re.compile(r"@[\w.\-]{2,120}(?:<mailto:[^>]{1,120}>)?[>\])\s\"']{0,4}[:：]$")
_ANGLE_LAST = re.compile(r"<\s?[^<>\s]{1,90}@[^<>\s]{1,120}>$")
_TIME = re.compile(r"\d{1,2}[:.時时시点點]\s?\d{2}")
_AROUND = " \t>|*_-–•\u00a0\u3000"  # what may stand around a field's name
_NOTHING: frozenset[str] = frozenset()
_BARS = re.compile(r"^[\s\-_=*—–#>]{0,60}|[\s\-_=*—–#<]{0,60}$")
_RULE = re.compile(r"^\s*(?:-{3,}|_{2,}|={3,}|\*{3,}|—{1,}|–{2,}|(?:- ){3,}|﹎{3,})\s*$")
_SAME_LINE = re.compile(r"(?:^|\s|-{2,})((?:-{2,}\s{0,2})?On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6},? .{5,160} wrote:)\s*$")


def is_quoted(line: str) -> bool:
    """Does a line carry the mark of a quotation?"""
    return bool(MARK.match(line))


def unquoted(line: str) -> str:
    """A line without its marks of quotation."""
    return MARK.sub("", line, count=1)


def is_rule(line: str) -> bool:
    """A line of nothing but dashes, underscores or their like."""
    return bool(_RULE.match(line))


def attribution(lines: Sequence[str], at: int) -> int:
    """How many lines from ``at`` are one "On … wrote:"; 0 where there is none.

    Mail programs break it over up to three lines. Whether its sense is complete is asked of the joined text; the first
    line must belong to it, so that a sentence before the header is not taken along.
    """
    if not _may_begin(lines[at][:LONGEST_HEADER]) or not any(_may_close(line) for line in lines[at : at + 3]):
        return 0
    joined = ""
    for count in range(1, 4):
        if at + count > len(lines):
            return 0
        line = unquoted(lines[at + count - 1]).strip() if is_quoted(lines[at]) else lines[at + count - 1].strip()
        if not line or len(joined) + len(line) > LONGEST_HEADER:
            return 0
        line = seen(line)
        joined = f"{joined} {line}" if joined else line
        if not joined.endswith(POSSIBLE_ENDS):
            continue
        followed = _quoted_next(lines, at + count)
        if joined.endswith(">") and not followed:
            continue
        if _is_attribution(joined, followed=followed):
            if count > 1 and _complete(" ".join(x.strip() for x in lines[at + 1 : at + count])):
                return 0  # what follows is the header; this line is somebody's sentence before it
            return count
    return 0


def same_line(lines: Sequence[str], at: int) -> str | None:
    """What the person wrote before an "On … wrote:" that shares its line; None where none does."""
    line = lines[at]
    if len(line) > LONGEST_HEADER or not line.rstrip().endswith("wrote:") or not _quoted_next(lines, at + 1):
        return None
    found = _SAME_LINE.search(line)
    return line[: found.start()].rstrip(" -") if found and found.start() > 0 else None


def fields(lines: Sequence[str]) -> list[frozenset[str]]:
    """For each line, what it may be of an earlier mail's fields: "from", "date", "to", "cc", "subject", "reply"."""
    return [_field(line) for line in lines]


def field_block(lines: Sequence[str], found: Sequence[frozenset[str]], at: int) -> int:
    """How many lines from ``at`` are the fields of an earlier mail (From, Sent, To, Subject); 0 where they are not.

    ``found`` is ``fields(lines)``. A list such as "From: my wallet / To: 0x… / Date: …" is the customer's own: it takes a subject or a mail address.
    """
    if not found[at]:
        return 0
    if at and found[at - 1] and at >= MANY and all(found[at - MANY : at]):
        return 0  # the middle of a long list, which was looked at from its top
    kinds: set[str] = set()
    address = dated = False
    end, loose, index = at, 0, at
    while index < len(found) and index - at < MANY:
        line = unquoted(lines[index])
        kind = found[index]
        if kind:
            kinds |= kind if not (kind & kinds) or len(kind) == 1 else kind - kinds or kind
            address |= "@" in line and bool(_ADDRESS.search(line[:LONGEST_HEADER]))
            dated |= "date" in kind and sum(c.isdigit() for c in line) >= 3
            end, loose = index + 1, 0
        elif not line.strip():
            # Some programs leave a line between fields, but never between the block and the text below it.
            if index + 1 >= len(found) or not found[index + 1]:
                break
        else:
            loose += 1
            if loose > 2 or len(line) > LONGEST_HEADER:
                break
            address |= "@" in line and bool(_ADDRESS.search(line))
        index += 1
    strong = "subject" in kinds or address
    if len(kinds) >= 3 and strong and (dated or address):
        return end - at
    if len(kinds) >= 2 and address and dated:
        return end - at
    return 0


def original_mark(lines: Sequence[str], found: Sequence[frozenset[str]], at: int) -> bool:
    """Is a line "-----Original Message-----" or its like?"""
    line = lines[at]
    if len(line) > 120:
        return False
    bare = _BARS.sub("", folded(line)).rstrip(":： ")
    if bare not in words().original:
        return False
    return len(line.strip()) > len(bare) + 3 or any(found[at + 1 : at + 4])


def forwarded_mark(line: str) -> bool:
    """Is a line "---------- Forwarded message ----------" or its like?"""
    if len(line) > 120:
        return False
    bare = _BARS.sub("", folded(line)).rstrip(":： ")
    return bare in words().forwarded


def _field(line: str) -> frozenset[str]:
    head, colon, _ = line[:60].partition(":")
    if not colon:
        head, colon, _ = line[:60].partition("：")
        if not colon:
            return _NOTHING
    elif "：" in head:
        head = head.partition("：")[0]
    name = head.strip(_AROUND).lower()
    if len(name) > 24:
        return _NOTHING
    return words().fields.get(name) or (_NOTHING if name.isascii() else words().fields.get(folded(name), _NOTHING))


def _may_begin(line: str) -> bool:
    if _BEGINS.search(line) or "---" in line:
        return True
    first = folded(line[:24])
    return bool(first) and first[0] in _first_letters() and first.startswith(words().opens)


@lru_cache(maxsize=1)
def _first_letters() -> frozenset[str]:
    return frozenset(word[0] for word in words().opens)


def _may_close(line: str) -> bool:
    return line.rstrip()[-1:] in _LAST


def _quoted_next(lines: Sequence[str], at: int) -> bool:
    return next((is_quoted(x) for x in lines[at : at + 4] if x.strip()), False)


def _is_attribution(text: str, *, followed: bool) -> bool:
    """The sense of a candidate: somebody (address), some time (digits), and that it was written (verb or closing colon)."""
    text = " ".join(seen(text).split())
    low = text.lower().strip("*_ ")
    core = low.rstrip(":：-–— *")
    marked = core != low
    verb = core.endswith(words().wrote)
    if "@" not in text and not (verb and marked):
        return False
    address = "@" in text and bool(_ADDRESS.search(text))
    numbers = len(re.findall(r"\d+", _ADDRESS.sub("", text)))
    if verb and marked:
        if address or (numbers >= 2 and (followed or _TIME.search(text))):
            return True
        return low.startswith("--") and low.endswith("--")
    if numbers >= 2 and address:
        if _ADDRESS_LAST.search(text):
            return True
        if low.endswith((":", "：")) and any(f" {word} " in core for word in words().wrote):
            return True
        return followed and bool(_ANGLE_LAST.search(text))
    return False


def _complete(text: str) -> bool:
    """Is a text a whole header by itself: with a date in it?"""
    return len(re.findall(r"\d+", _ADDRESS.sub("", text))) >= 2 and _is_attribution(text, followed=True)
