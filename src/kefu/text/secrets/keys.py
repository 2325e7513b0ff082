"""Private keys in the forms in which wallets export them."""

import re
from collections.abc import Iterator

from kefu.text.checksums import base58check
from kefu.text.secrets.finding import Finding, Kind

HEX = re.compile(r"(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{64}(?![0-9A-Za-z])")
WIF = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{51,52}(?![0-9A-Za-z])")
EXTENDED = re.compile(r"(?<![0-9A-Za-z])[a-zA-Z]prv[1-9A-HJ-NP-Za-km-z]{90,112}(?![0-9A-Za-z])")
LONG_BASE58 = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{86,90}(?![0-9A-Za-z])")
BYTES = re.compile(r"\[\s*(?:\d{1,3}\s*,\s*){31,95}\d{1,3}\s*\]")
PEM = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.{0,10000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)", re.S)
KEYSTORE = re.compile(r"\{[^{}]{0,400}\"crypto\"\s*:\s*\{.{0,3000}?\"(?:mac|kdfparams)\".{0,600}?\}\s*\}?", re.S | re.I)
CONTEXT = re.compile(
    r"priv(?:ate)?[\s_-]*key|\bpriv\b|\bpk\b|\bsk\b|secret|私[钥鑰匙]|私人[金密]?[钥鑰]|密[钥鑰]|clave\s+privada|llave\s+privada"
    r"|приватн\w*|закрыт\w*\s+ключ\w*|секретн\w*|özel\s+anahtar|gizli\s+anahtar|khóa\s+(?:riêng|bí mật|cá nhân)|秘密鍵|개인\s*키"
    r"|clé\s+privée|chave\s+privada|wallet\s+key",
    re.IGNORECASE,
)
PUBLIC = re.compile(
    r"tx(?:id|hash|n)?\b|transaction|transacci|hash|哈希|交易(?:号|哈希|ID)|address|地址|public|公[钥鑰]|tx/|block|контракт|işlem"
    r"|giao dịch|транзакц|sha-?256|checksum",
    re.IGNORECASE,
)
NEAR = 48


def find_keys(text: str) -> Iterator[Finding]:
    for match in HEX.finditer(text):
        if _named(text, match.start()):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.95)
    for match in WIF.finditer(text):
        payload = base58check(match.group())
        # Version byte, 32 bytes of key, and a 01 for compressed ones; the version differs from coin to coin.
        if payload and (len(payload) == 33 or (len(payload) == 34 and payload[-1] == 1)):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 1.0)
        elif _named(text, match.start()):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.7)
    for match in EXTENDED.finditer(text):
        yield Finding(Kind.EXTENDED_KEY, match.start(), match.end(), 1.0 if base58check(match.group()) else 0.8)
    for match in LONG_BASE58.finditer(text):
        if _named(text, match.start()):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.9)
    for match in BYTES.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", match.group())]
        if len(numbers) in {32, 64} and max(numbers) < 256 and len(set(numbers)) > 16:
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.9)
    if "PRIVATE KEY" in text:
        for match in PEM.finditer(text):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 1.0)
    if "ciphertext" in text.lower():
        for match in KEYSTORE.finditer(text):
            yield Finding(Kind.KEYSTORE, match.start(), match.end(), 0.9)


def _named(text: str, start: int) -> bool:
    """Whether what stands before calls it a private key, and nothing nearer calls it a hash or an address."""
    before = text[max(0, start - NEAR) : start]
    keys = [m.end() for m in CONTEXT.finditer(before)]
    others = [m.end() for m in PUBLIC.finditer(before)]
    return bool(keys) and max(keys) >= max(others, default=0)
