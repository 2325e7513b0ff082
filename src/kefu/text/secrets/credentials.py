"""What opens an account: API secrets, passphrases, passwords, one-time codes, tokens."""

import re
from collections.abc import Iterator

from kefu.text.secrets.finding import Finding, Kind

IS = r"[\s\"'“”]*(?:是|为|為|is|was|es|:|：|=|=>|->|—|–|是：|это|là|olan|to)\s*[:：=]?[\s\"'“”]*"
SECRET = re.compile(
    r"(?:api[\s_-]*secret|secret[\s_-]*(?:access[\s_-]*)?key|client[\s_-]*secret|app[\s_-]*secret|secret|2fa[\s_-]*(?:secret|key)"
    r"|totp[\s_-]*(?:secret|key)|access[\s_-]*token|auth[\s_-]*token|bearer|api[\s_-]*密[钥鑰]|密[钥鑰]|секрет\w*(?:\s+ключ\w*)?"
    r"|clave\s+secreta|gizli\s+anahtar|khóa\s+bí\s+mật|谷歌(?:验证)?密[钥鑰])"
    rf"(?:{IS}|\s+)(?P<value>[A-Za-z0-9+/_=.\-]{{16,200}})",
    re.IGNORECASE,
)
HEADER = re.compile(r"(?:ACCESS-PASSPHRASE|ACCESS-SIGN|X-MBX-APIKEY|ACCESS-KEY)\s*[\"']?\s*[:：=,]\s*[\"']?(?P<value>[^\s\"',;]{6,200})", re.I)
JWT = re.compile(r"(?<![\w-])eyJ[\w-]{8,2000}\.[\w-]{8,4000}\.[\w-]{16,1000}")
OTPAUTH = re.compile(r"otpauth://[^\s\"'<>]{8,400}", re.IGNORECASE)
URL_LOGIN = re.compile(r"[a-z][a-z0-9+.-]{2,20}://[^\s/:@]{1,64}:(?P<value>[^\s/@]{3,100})@", re.IGNORECASE)
PASSPHRASE = re.compile(rf"(?:pass[\s_-]*phrase|口令|api\s*密码|api\s*密碼){IS}(?P<value>\S{{6,64}})", re.IGNORECASE)
PASSWORD = re.compile(
    r"(?P<name>password|passwd|passwort|\bpwd|\bpass(?:code)?\b|(?:登录|登錄|资金|資金|交易|支付)?密[码碼]|contraseñ[ae]|contrasena|clave"
    r"|парол[ьяею]\w*|şifre\w*|parola\w*|sifre\w*|mật\s+khẩu|mat\s+khau|パスワード|비밀번호|senha|mot\s+de\s+passe|\bpin\b)"
    r"(?P<link>[\s\"'“”]*(?:是|为|為|\bis\b|\bwas\b|\bes\b|:|：|=|—|это|\blà\b|:)[\s:：=\"'“”]*|[\s\"'“”]+)(?P<value>[^\s，。！？；、\"'“”]{4,64})",
    re.IGNORECASE,
)
CODE = re.compile(
    r"(?:验证[码碼]|驗證[码碼]|校验码|动态码|動態碼|短信码|谷歌码|\b2fa\b|\botp\b|one[\s-]*time\s+(?:code|password)|(?<!error )(?<!status )"
    r"(?<!promo )(?<!bonus )(?<!zip )(?<!postal )(?<!area )(?<!country )\bcode\b|authenticator|c[oó]digo|код\w*|\bkod\w*|doğrulama|\bmã\b|認証コード|인증\s*(?:번호|코드)|code\s+de\s+vérification)"
    r"[^\d\n]{0,24}?(?<![\d.#-])(?P<value>\d{3}[\s-]?\d{3}|\d{8})(?![\d%.]*\d)(?!\s*(?:USDT|USDC|BTC|ETH|元|美元))",
    re.IGNORECASE,
)
QUIET_CODE = re.compile(r"error|status|错误|錯誤|报错|http|邀请|referral|invite|promo|优惠|country|postal|zip|QR|ошибк|hata|lỗi", re.IGNORECASE)


def find_credentials(text: str) -> Iterator[Finding]:
    for match in SECRET.finditer(text):
        if _random(match["value"]):
            yield _value(match, Kind.API_SECRET, 0.95)
    for match in HEADER.finditer(text):
        kind = Kind.PASSPHRASE if "PASSPHRASE" in match.group().upper() else Kind.API_SECRET
        yield _value(match, kind, 0.9)
    for pattern, kind in ((JWT, Kind.API_SECRET), (OTPAUTH, Kind.API_SECRET)):
        for match in pattern.finditer(text):
            yield Finding(kind, match.start(), match.end(), 1.0)
    for match in URL_LOGIN.finditer(text):
        yield _value(match, Kind.PASSWORD, 0.95)
    for match in PASSPHRASE.finditer(text):
        if _invented(match["value"]):
            yield _value(match, Kind.PASSPHRASE, 0.8)
    yield from _passwords(text)
    for match in CODE.finditer(text):
        if not QUIET_CODE.search(text[max(0, match.start() - 16) : match.end("value")]):
            yield _value(match, Kind.ONE_TIME_CODE, 0.85)


def _passwords(text: str) -> Iterator[Finding]:
    for match in PASSWORD.finditer(text):
        value = match["value"].rstrip(".,;!?)")
        if value.startswith("[removed"):
            continue
        linked = match["link"].strip(" \t\"'“”") != ""
        if (_invented(value) if linked else _invented(value) and _mixed(value)) and not _is_address(value):
            start = match.start("value")
            yield Finding(Kind.PASSWORD, start, start + len(value), 0.85)


def _value(match: re.Match[str], kind: Kind, certainty: float) -> Finding:
    return Finding(kind, match.start("value"), match.end("value"), certainty)


def _random(value: str) -> bool:
    """Drawn by chance rather than a word: letters and digits together, or far too many different capitals."""
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)


def _invented(value: str) -> bool:
    """Something thought up: with a digit or a sign in it, and no date, time, number with a unit or mail address."""
    if not value.isascii() or "[removed" in value:
        return False
    has_digit = any(c.isdigit() for c in value)
    has_sign = any(not c.isalnum() for c in value.strip("?!.,:;()"))
    if re.fullmatch(r"\d{1,5}|[\d:/.\-]+(?:am|pm)?|\d+(?:h|min|s|times|次|%|-\d+)?", value, re.IGNORECASE):
        return bool(re.fullmatch(r"\d{6,}", value))
    return has_digit or (has_sign and bool(re.search(r"[@#$%^&*!]", value)))


def _mixed(value: str) -> bool:
    kinds = [any(f(c) for c in value) for f in (str.isdigit, str.islower, str.isupper)]
    return sum(kinds) + bool(re.search(r"[^\w\s]", value)) >= 2 and len(value) >= 6


def _is_address(value: str) -> bool:
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]{2,}|https?://\S+", value, re.IGNORECASE))
