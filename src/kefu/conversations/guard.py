"""Everything typed passes here before it is stored, logged, indexed or queued."""

from dataclasses import replace

from kefu.conversations.envelope import Inbound
from kefu.conversations.errors import Refused, TooLong
from kefu.text.agent_requests import asks_for_secret
from kefu.text.secrets import redact

MAX_CHARACTERS = 20_000


def guard(raw: Inbound) -> tuple[Inbound, list[str]]:
    """The message without its secrets, and the kinds that were removed; raises TooLong before anything is kept."""
    if len(raw.text) > MAX_CHARACTERS:
        raise TooLong(MAX_CHARACTERS)
    removed: set[str] = set(raw.removed)
    clean: list[str] = []
    for typed in (raw.text, raw.subject, raw.sender_name):
        text, kinds = clear(typed)
        clean.append(text)
        removed |= set(kinds)
    fields: dict[str, str] = {}
    for name, typed in raw.fields.items():
        fields[name], kinds = clear(typed)
        removed |= set(kinds)
    return replace(raw, text=clean[0], subject=clean[1], sender_name=clean[2], fields=fields), sorted(removed)


def clear(text: str) -> tuple[str, list[str]]:
    """A text without secrets and without characters that no database takes, and the kinds removed."""
    if not text:
        return "", []
    redaction = redact(text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8"))
    return redaction.text, sorted({str(finding.kind) for finding in redaction.findings})


def guard_note(text: str) -> str:
    """What colleagues are told, without secrets; raises TooLong."""
    if len(text) > MAX_CHARACTERS:
        raise TooLong(MAX_CHARACTERS)
    return clear(text)[0]


def guard_outgoing(text: str) -> str:
    """What an agent may send: without secrets, and never a request for one (raises Refused)."""
    if len(text) > MAX_CHARACTERS:
        raise TooLong(MAX_CHARACTERS)
    if asked := asks_for_secret(text):
        raise Refused("asks_for_secret", asked)
    return clear(text)[0]
