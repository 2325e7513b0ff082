"""What the person wrote in a mail, without the earlier mails below it and without the signature."""

import re

from kefu.text.mail.html import as_text
from kefu.text.mail.quotes import attribution, field_block, fields, forwarded_mark, is_quoted, is_rule, original_mark, same_line, unquoted
from kefu.text.mail.signatures import without_signature

MOST_LINES = 2000  # nobody types more by hand: what is below stays as it is
HEADER_LINES = 40  # more than the header of a quoted mail ever takes
FENCE = "```"
LONGEST = 400_000  # characters; nobody types more, and the original is kept


def visible_text(text: str, *, html: bool = False) -> str:
    """The person's own words in the body of a mail, as plain text.

    ``html`` says that ``text`` is HTML. The customer's words are never dropped in doubt: a list of fields without a
    mail address or a subject, a quotation without an attribution and a forwarded mail stay. Takes time in proportion
    to the length.
    """
    body = (as_text(text) if html else text)[:LONGEST].replace("\r\n", "\n").replace("\r", "\n")
    lines = [line.rstrip() for line in re.sub(r"\n{4,}", "\n\n\n", body).split("\n")]
    said, cut = _said(lines)
    if not any(line.strip() for line in said):
        # Nothing above the earlier mail: if nobody marked it as quoted, it is what we were sent.
        said = [] if cut < 0 else lines[cut:]
    said = without_signature(said)
    return "\n".join(without_signature(_without_last_quotes(said))).strip("\n")


def _said(lines: list[str]) -> tuple[list[str], int]:
    """The lines outside quotations, and where the text below an unmarked header begins (-1: there is none)."""
    kept: list[str] = []
    at, fenced, count = 0, False, len(lines)
    found = fields(lines[:MOST_LINES])
    while at < count:
        if at >= MOST_LINES:
            return kept + lines[at:], -1
        line = lines[at]
        if line.lstrip().startswith(FENCE):
            fenced = not fenced
        if fenced or not line.strip():
            kept.append(line)
            at += 1
            continue
        if is_quoted(line):
            end = _block_end(lines, at, blanks=False)
            first = next((i for i in range(at, end) if unquoted(lines[i]).strip()), at)
            bare = [unquoted(x) for x in lines[first : min(end, first + HEADER_LINES)]]
            if attribution(bare, 0) or field_block(bare, fields(bare), 0):
                at = _block_end(lines, at, blanks=True)
            else:
                kept += lines[at:end]
                at = end
            continue
        if forwarded_mark(line):
            return kept + lines[at:], -1
        before = same_line(lines, at)
        if before is not None:
            kept.append(before)
        taken = 1 if before is not None else attribution(lines, at)
        if taken:
            below = at + taken
            while below < count and not lines[below].strip():
                below += 1
            if below < count and is_quoted(lines[below]):
                at = _block_end(lines, below, blanks=True)
                continue
            return _before(kept), below
        block = field_block(lines, found, at)
        if block or original_mark(lines, found, at):
            return _before(kept), at + max(block, 1)
        kept.append(line)
        at += 1
    return _without_last_quotes(kept), -1


def _block_end(lines: list[str], at: int, *, blanks: bool) -> int:
    """The line after a run of quoted lines; ``blanks``: over empty lines between them, and lines that a program broke."""
    end = at
    while end < len(lines):
        if is_quoted(lines[end]):
            end += 1
            continue
        nearest = end
        while blanks and nearest < len(lines) and not lines[nearest].strip():
            nearest += 1
        if nearest > end and nearest < len(lines) and is_quoted(lines[nearest]):
            end = nearest
            continue
        if end + 1 < len(lines) and is_quoted(lines[end + 1]) and _is_tail(lines[end - 1], lines[end]):
            end += 1
            continue
        break
    return end


def _is_tail(quoted: str, line: str) -> bool:
    """A line without a mark that is the rest of a long quoted one, such as the second half of a link."""
    return len(quoted) >= 30 and len(line) > 0 and " " not in line.strip() and any(c in "=/_)&%?" for c in line)


def _before(kept: list[str]) -> list[str]:
    """What stands above the earlier mail, without the rule that some programs draw between."""
    kept = list(kept)
    while kept and (not kept[-1].strip() or is_rule(kept[-1])):
        kept.pop()
    return kept


def _without_last_quotes(kept: list[str]) -> list[str]:
    """A quotation below all of the person's words is the earlier mail; one between them is what they answer to."""
    end = len(kept)
    while end and (not kept[end - 1].strip() or is_quoted(kept[end - 1])):
        end -= 1
    return kept[:end] if end and not all(is_quoted(x) or not x.strip() for x in kept[:end]) else kept
