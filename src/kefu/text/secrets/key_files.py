"""Whole key files pasted into a text: PEM blocks, wallet keystores, extension vaults."""

import re
from collections.abc import Iterator

from kefu.text.secrets.finding import Finding, Kind

BEGIN = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
END = re.compile(r"-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
BODY = re.compile(r"[A-Za-z0-9+/=\s:,\\-]{0,20000}")
BRACE = re.compile(r"[{}]")
# Web3 Secret Storage (ciphertext with kdf or mac) and the vault of browser wallets (data, iv, salt).
STORAGE = ("ciphertext", ("kdf", '"mac"', "cipherparams"))
VAULT = ('"data"', '"iv"', '"salt"')
LONGEST = 6000


def find_key_files(text: str, low: str) -> Iterator[Finding]:
    yield from _pem(text)
    if "ciphertext" in low or all(part in low for part in VAULT):
        yield from _keystores(low)


def _pem(text: str) -> Iterator[Finding]:
    """From each BEGIN to its END; without one, as far as base64 reaches."""
    if "PRIVATE KEY" not in text:
        return
    ends = [match.span() for match in END.finditer(text)]
    done, next_end = 0, 0
    for begin in BEGIN.finditer(text):
        if begin.start() < done:
            continue
        while next_end < len(ends) and ends[next_end][0] < begin.end():
            next_end += 1
        body = BODY.match(text, begin.end())
        done = body.end() if body else begin.end()
        if next_end < len(ends) and ends[next_end][0] - begin.end() <= 20000:
            done = ends[next_end][1]
        yield Finding(Kind.PRIVATE_KEY, begin.start(), done, 1.0)


def _keystores(low: str) -> Iterator[Finding]:
    """The outermost braces around a ciphertext; a file cut off at the end counts to the end of the text."""
    opened: list[int] = []
    done = 0
    for match in BRACE.finditer(low):
        if match.group() == "{":
            opened.append(match.start())
        elif opened:
            start = opened.pop()
            if not opened and start >= done:
                done = match.end()
                yield from _judge(low, start, done)
    if opened:
        yield from _judge(low, max(opened[0], done), len(low))


def _judge(low: str, start: int, end: int) -> Iterator[Finding]:
    inside = low[start:end]
    if end - start > LONGEST:  # something larger: only the part from its first secret field on
        first = inside.find("ciphertext")
        if first < 0:
            return
        back = inside.rfind("{", 0, max(0, inside.rfind("{", 0, first)))
        start += max(back, 0)
        inside = low[start:end]
    word, others = STORAGE
    if (word in inside and any(other in inside for other in others)) or all(part in inside for part in VAULT):
        yield Finding(Kind.KEYSTORE, start, end, 0.95)
