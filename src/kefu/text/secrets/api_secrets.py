"""What opens an account to programs: API secrets, tokens, cookies, authenticator seeds."""

import itertools
import re
from collections.abc import Iterator

from kefu.text.secrets.cues import cues, link, skip_between
from kefu.text.secrets.finding import Finding, Kind

VALUE = re.compile(r"[A-Za-z0-9+/_=.~\-]{16,512}")
HEADERS = ("access-passphrase", "access-sign", "access-key", "x-mbx-apikey", "x-bapi-api-key", "x-bapi-sign", "x-api-key")
HEADER = re.compile(rf"(?P<name>{'|'.join(HEADERS)})[\"']?\s{{0,3}}[:：=,]\s{{0,3}}[\"']?(?P<value>[^\s\"',;]{{6,200}})")
COOKIE = re.compile(r"(?:set-)?cookie[\"']?\s{0,3}:\s{0,3}[\"']?(?P<value>[\w.-]{1,60}=[^\n\"']{16,4000})")
AUTHORIZATION = re.compile(r"authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:basic|bearer|token)\s{1,3}(?P<value>[\w.~+/=-]{12,2000})")
# Tokens that name themselves, as their issuers document them, each behind a text that must be there at all.
FORMATS = (
    ("eyJ", re.compile(r"(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{16,1000}", re.ASCII)),  # JSON Web Token, RFC 7519
    ("otpauth", re.compile(r"otpauth(?:-migration)?://[^\s\"'<>]{8,600}", re.IGNORECASE)),  # key URI of authenticators
    *((f"gh{kind}_", re.compile(rf"(?<!\w)gh{kind}_[A-Za-z0-9]{{36,251}}", re.ASCII)) for kind in "pousr"),
    ("github_pat_", re.compile(r"(?<!\w)github_pat_\w{22,255}", re.ASCII)),
    ("xox", re.compile(r"(?<!\w)xox[abeoprs]-[A-Za-z0-9-]{10,250}", re.ASCII)),
    ("_live_", re.compile(r"(?<!\w)[rs]k_live_[A-Za-z0-9]{16,200}", re.ASCII)),
    ("AIza", re.compile(r"(?<!\w)AIza[\w-]{35}(?![\w-])", re.ASCII)),
    ("sk-", re.compile(r"sk-(?<![\w-]sk-)(?=[\w-]*\d)[A-Za-z0-9_-]{20,200}", re.ASCII)),
    (":AA", re.compile(r"(?<!\w)\d{8,10}:AA[\w-]{33}(?![\w-])", re.ASCII)),  # Telegram bot
    ("npm_", re.compile(r"(?<!\w)npm_[A-Za-z0-9]{36}", re.ASCII)),
    ("pypi-", re.compile(r"(?<!\w)pypi-AgEI[\w-]{50,500}", re.ASCII)),
    ("glpat-", re.compile(r"(?<!\w)glpat-[\w-]{20,60}", re.ASCII)),
    ("SG.", re.compile(r"(?<!\w)SG\.[\w-]{22}\.[\w-]{43}", re.ASCII)),
)


def find_api_secrets(text: str, low: str) -> Iterator[Finding]:
    for start, end in cues(text, low, "api_secret"):
        at, tie = link(low, end)
        if not tie and (over := skip_between(low, end)) > end:
            at, tie = link(low, over)
        match = VALUE.match(text, at)
        if match and (tie or at > end or not low[start:end].isascii()) and _random(match.group(), certain=bool(tie)):
            stop = match.start() + len(match.group().rstrip(".-="))
            yield Finding(Kind.API_SECRET, match.start(), max(stop, match.end() if match.group().endswith("=") else stop), 0.9)
    yield from _headers(low)
    for sign, expression in FORMATS:
        if sign in (low if sign == "otpauth" else text):
            for match in expression.finditer(text):
                yield Finding(Kind.API_SECRET, match.start(), match.end(), 1.0)


def _headers(low: str) -> Iterator[Finding]:
    """HTTP headers as people paste them from a log. Sources: the exchanges' API references."""
    if any(name in low for name in HEADERS):
        for match in HEADER.finditer(low):
            kind = Kind.PASSPHRASE if match["name"].endswith("passphrase") else Kind.API_SECRET
            yield Finding(kind, match.start("value"), match.end("value"), 0.9)
    for sign, expression in (("cookie", COOKIE), ("authorization", AUTHORIZATION)):
        if sign in low:
            for match in expression.finditer(low):
                yield Finding(Kind.API_SECRET, match.start("value"), match.end("value"), 0.9)


def _random(value: str, *, certain: bool) -> bool:
    """Drawn by chance rather than written: digits among letters, or capitals in the middle of small letters."""
    digits = sum(c.isdigit() for c in value)
    letters = sum(c.isalpha() for c in value)
    if re.fullmatch(r"[\d.\-/:]+", value) or re.match(r"(?:[a-z]+[-_/.])+[a-z]+\d{0,4}/?$", value):
        return False
    if digits and letters:
        return digits >= 2 or certain
    switches = sum(a.islower() and b.isupper() for a, b in itertools.pairwise(value))
    return certain and letters >= 16 and switches >= 3
