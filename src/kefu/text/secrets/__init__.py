"""Find and remove what a customer must never send: seed phrases, keys, passwords, codes, card and ID numbers.

Pure: text in, text out, in linear time. Everything that could be stored goes through ``redact`` first.
"""

from kefu.text.secrets.credentials import find_credentials
from kefu.text.secrets.finding import Finding, Kind, Redaction
from kefu.text.secrets.keys import find_keys
from kefu.text.secrets.mnemonics import find_mnemonics
from kefu.text.secrets.numbers import find_numbers

__all__ = ["Finding", "Kind", "Redaction", "redact"]

DETECTORS = (find_mnemonics, find_keys, find_credentials, find_numbers)
MARK = "[removed: {kind}]"


def redact(text: str) -> Redaction:
    """``text`` without its secrets, each replaced by a mark such as ``[removed: seed_phrase]``, and what was found.

    Positions refer to the original text, findings come in its order and do not overlap. Redacting twice changes
    nothing. A transaction id, an address or ordinary prose is never touched.
    """
    found = sorted((f for detect in DETECTORS for f in detect(text)), key=lambda f: (f.start, -f.end))
    kept: list[Finding] = []
    for finding in found:
        if kept and finding.start < kept[-1].end:
            if finding.end > kept[-1].end:
                last = kept[-1]
                kept[-1] = Finding(last.kind, last.start, finding.end, max(last.certainty, finding.certainty))
            continue
        kept.append(finding)
    parts, at = [], 0
    for finding in kept:
        parts += [text[at : finding.start], MARK.format(kind=finding.kind)]
        at = finding.end
    return Redaction("".join([*parts, text[at:]]), kept)
