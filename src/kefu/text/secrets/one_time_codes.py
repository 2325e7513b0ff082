"""Codes for one moment: from a text message, a mail or an authenticator."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from kefu.text.secrets.cues import cues, link, pattern, skip_between
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import may_have_digits

CODE = r"\d{3}[ -]\d{3}|\d{2}[ -]\d{2}[ -]\d{2}|\d{4}[ -]\d{4}|\d{4,8}"
UNITS = r"(?!\d|[.,:/-]\d|\s*(?:%|usd|btc|eth|元|美元|块|分钟|分鐘|分|秒|小时|小時|天|次|位|条|個|个|年|月|日|号|min|sec|hour|day|time|digit|char|year|минут|секунд|час|раз|цифр|dakika|saniye|saat|kez|phút|giây|lần|chữ số|dígito|minuto|vece|am\b|pm\b))"
AFTER = re.compile(rf"(?P<gap>[^\d\n，。；;!！?？.、]{{0,24}}?[:：=]?\s?\n?\s?)(?<![0-9a-z.#])(?:g-)?(?P<value>{CODE}){UNITS}")
AFTER_LINK = re.compile(rf"(?:g-)?(?P<value>\d{{3}}[ -]\d{{3}}|\d{{6}}|\d{{8}}){UNITS}")
# A class of characters first, what may not stand before it second: the engine then skips whatever cannot begin a code.
ALONE = re.compile(rf"[\dg](?<![0-9a-z_.#:/-].)(?:(?<=g)-\d{{3}}|(?<=\d)\d{{2}})[ -]?\d{{3}}{UNITS}(?![0-9a-z_-])")
BEFORE_CUE = re.compile(
    r"[\s\"'”]*(?:就是|是|为|為|is|was|es|это|là|—|–|-)\s*(?:the|my|your|his|我的|您的|你的|我收到的|刚收到的|收到的|这次的|短信|手机|邮箱|谷歌|mi|tu|su|el|мой|ваш|benim|của tôi|sms|email|okx|google|new|latest|\s)*\s*"
)
NEAR = 20


def find_one_time_codes(text: str, low: str) -> Iterator[Finding]:
    certain = list(cues(text, low, "one_time_code"))
    for _, end in certain:
        match = AFTER.match(low, end)
        if match and _is_code(low, end, match):
            yield Finding(Kind.ONE_TIME_CODE, *match.span("value"), 0.9)
    for start, end in cues(text, low, "code"):
        if low[start - 1 : start] in {"?", "&", "_"}:  # a parameter in a link
            continue
        at, tie = link(low, end)
        if not tie:
            at, tie = link(low, skip_between(low, end))
        match = AFTER_LINK.match(low, at)
        if match and not _other_code(low[max(0, start - NEAR) : match.start()]):
            yield Finding(Kind.ONE_TIME_CODE, *match.span("value"), 0.8)
    yield from _before(text, low, certain)


def _is_code(low: str, end: int, match: re.Match[str]) -> bool:
    digits = sum(c.isdigit() for c in match["value"])
    gap = match["gap"]
    if pattern("not", "numbers").search(gap) or pattern("not", "codes").search(gap):
        return False
    return digits in {6, 8} or link(low, end)[0] >= match.start("value")


def _other_code(around: str) -> bool:
    return bool(pattern("not", "codes").search(around) or pattern("not", "numbers").search(around))


def _before(text: str, low: str, certain: list[tuple[int, int]]) -> Iterator[Finding]:
    """The other way round: "482913 is my code"."""
    places = sorted({start for start, _ in certain} | {start for start, _ in cues(text, low, "code")})
    if not places or not may_have_digits(low, 6, " -"):
        return
    for match in ALONE.finditer(low):
        tail = BEFORE_CUE.match(low, match.end())
        if tail is None:
            continue
        nearest = bisect_left(places, match.end())
        if nearest < len(places) and places[nearest] <= tail.end() and not _other_code(low[max(0, match.start() - NEAR) : match.start()]):
            yield Finding(Kind.ONE_TIME_CODE, match.start(), match.end(), 0.8)
