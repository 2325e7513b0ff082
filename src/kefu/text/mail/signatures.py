"""What stands below a person's words: a signature after "-- ", "Sent from my phone", a mailing list's footer."""

import re
from collections.abc import Sequence

from kefu.text.mail.quotes import is_rule
from kefu.text.mail.words import folded, words

LONGEST_SIGNATURE = 12  # lines
LONGEST_CARD = 30  # lines, if they look like a card or a disclaimer
_DASHES = re.compile(r"^\s?--\s*$")
_FOOTER = re.compile(r"mailing list|unsubscribe|退订|取消订阅|/listinfo/|virus-free|avg\.com|avast\.com", re.I)
_CONTACT = re.compile(r"(?:\b(?:t|f|m|tel|fax|mob|phone|skype|mobil|mobile)\b\.?\s*[:.]|@|www\.|https?://)", re.I)
_PHONE = re.compile(r"^[\s\d()+.\-/]{7,24}$")
_PROSE = re.compile(r"[.!?。！？]\s*$")
_CONFIDENTIAL = re.compile(
    r"^(?:(?:confidentiality|legal|disclaimer|important) ?(?:notice|note)?\b.{0,40}|this (?:e-?mail|message)(?: and (?:any|all) attachments?)?.{0,60}(?:confidential|intended)"
    r"|diese e-?mail enthält vertrauliche|ce message .{0,60}confidentiel|este (?:mensaje|correo|e-?mail) .{0,60}confidencial|本(?:邮件|郵件).{0,30}(?:保密|机密|機密)|данное (?:сообщение|письмо) .{0,60}конфиденциальн)",
    re.I | re.S,
)


def without_signature(lines: Sequence[str]) -> list[str]:
    """The lines without what stands below the person's words. Never everything: a mail of a signature alone stays."""
    kept = list(lines)
    for _ in range(6):
        shorter = _cut(_trimmed(kept))
        if len(shorter) == len(kept) or not any(x.strip() for x in shorter):
            break
        kept = shorter
    return _trimmed(kept)


def is_device(line: str) -> bool:
    """Is a whole line "Sent from my iPhone" or its like, and no sentence about such a thing?"""
    text = folded(line).strip("*_[]<>()【】 ")
    text = re.sub(r"[<(\[]?https?://\S{1,200}", "", text).strip(" .。<>()[]")
    if not 3 < len(text) <= 70 or "," in text or "，" in text:
        return False
    known = words()
    prefix = next((p for p in known.device_prefixes if text.startswith(p)), "")
    suffix = next((s for s in known.device_suffixes if text.endswith(s)), "")
    if not prefix and not suffix:
        return False
    rest = text[len(prefix) :] if prefix else text[: -len(suffix)]
    if " app " in f" {rest} " or len(rest.split()) > 7 or re.search(r"\b(?:there|is|was|to all|error)\b", rest):
        return False
    return any(device in rest for device in known.devices)


def _cut(lines: list[str]) -> list[str]:
    if not lines:
        return lines
    if is_device(lines[-1]):
        return lines[:-1]
    top = next((i for i, x in enumerate(lines) if x.strip()), 0)
    for at in range(len(lines) - 1, max(-1, len(lines) - 2 - LONGEST_CARD), -1):
        line, below = lines[at], [x for x in lines[at + 1 :] if x.strip()]
        if at <= top:
            break
        near = len(below) <= LONGEST_SIGNATURE
        if (
            _DASHES.match(line)
            and all(len(x) <= 120 for x in below)
            and (near or any(is_rule(x) or _CONTACT.search(x[:200]) for x in below))
        ):
            return lines[:at]
        if near and is_rule(line) and below and (any(_FOOTER.search(x[:300]) for x in below) or _card(below)):
            return lines[:at]
        if _CONFIDENTIAL.match(line.strip()[:400]):
            return lines[:at]
        if "aka.ms/" in line and is_device(line):
            return lines[:at]  # Outlook puts the earlier mail below it without any mark
        if folded(line).strip(",，!.。 ") in words().closings and _is_name(line, lines[at + 1 :]):
            return lines[:at]
    return lines


def _is_name(closing: str, below: list[str]) -> bool:
    """Below a closing stands a person's card, and nothing that the customer tells us."""
    named = [x.strip() for x in below if x.strip()]
    comma = closing.rstrip().endswith((",", "，"))
    if not named or len(named) > 6 or (not below[0].strip() and not comma):
        return False
    if not comma and len(named) > 1 and not _card(named):
        return False
    first = named[0]
    if len(first) > 40 or len(first.split()) > 4 or any(c.isdigit() for c in first) or _PROSE.search(first):
        return False
    return all(len(x) <= 60 and not re.search(r"0x[0-9a-f]{6}|uid|\d{7,}[a-z]|[0-9a-f]{20}", x, re.I) for x in named[1:])


def _card(below: list[str]) -> bool:
    """Lines of a visiting card: short, and some of them a telephone or an address on the net."""
    told = sum(1 for x in below if _CONTACT.search(x[:200]) or _PHONE.match(x))
    return len(below) <= 30 and told >= 2 and all(len(x) <= 80 for x in below) and not any(_PROSE.search(x) and len(x) > 40 for x in below)


def _trimmed(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    while kept and not kept[0].strip():
        kept.pop(0)
    return kept
