"""What a text names: transactions, addresses, accounts, orders, amounts, error codes, conversation numbers, links."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kefu.text import amounts, numbering
from kefu.text.checksums import base58, base58check, bech32

RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"


@dataclass(frozen=True)
class Entity:
    """``kind``: txid, address, uid, order, error_code, number, amount or url. ``chain`` where it can be told.

    ``valid`` is True or False where a checksum tells, None where nothing can. ``value`` is the normal form.
    """

    kind: str
    value: str
    start: int
    end: int
    chain: str = ""
    valid: bool | None = None


HEX64 = re.compile(r"(?<![0-9A-Za-z])(0x)?[0-9a-fA-F]{64}(?![0-9A-Za-z])")
EVM = re.compile(r"(?<![0-9A-Za-z])0x[0-9a-fA-F]{40}(?![0-9A-Za-z])")
BASE58 = re.compile(r"(?<![0-9A-Za-z])[1-9A-HJ-NP-Za-km-z]{25,90}(?![0-9A-Za-z])")
BECH32 = re.compile(r"(?<![0-9A-Za-z])(?:bc|tb|ltc|addr|cosmos|ex|band|osmo|inj|sei|bnb)1[02-9ac-hj-np-z]{20,110}(?![0-9A-Za-z])", re.I)
TON = re.compile(r"(?<![\w-])[EUk0]Q[A-Za-z0-9_-]{46}(?![\w-])")
SOLANA_TX = re.compile(r"[1-9A-HJ-NP-Za-km-z]{86,88}")
UID = re.compile(r"(?:\buid\b|用户\s*ID|账户\s*ID|账号)\s*[:：#是为is]*\s*(\d{6,12})(?!\d)", re.IGNORECASE)
ORDER = re.compile(
    r"(?:order|订单|訂單|委托|orden|pedido|заказ\w*|ордер\w*|sipariş|emir|lệnh|đơn)\s*(?:id|no\.?|number|号|编号|#)?\s*[:：#是为]*\s*"
    r"([A-Za-z0-9-]{6,40})(?![\w-])",
    re.IGNORECASE,
)
ERROR = re.compile(
    r"(?:error|code|err|错误码?|報錯|报错|ошибк\w*|hata|lỗi|código)\s*(?:code|码)?\s*[:：#]?\s*(\d{4,6})(?!\d)|(?<![\w.])(5\d{4})(?![\w.])",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    rf"{amounts.IN_TEXT}\s*(USDT|USDC|BTC|ETH|SOL|BNB|TRX|XRP|TON|DOGE|LTC|ADA|DOT|SHIB|OKB)(?![A-Za-z0-9_])", re.IGNORECASE
)
URL = re.compile(r"https?://[^\s<>\"'，。）】]{3,500}", re.IGNORECASE)


def find(text: str) -> list[Entity]:
    """Every entity in a text, in its order; where two overlap, the longer one."""
    found = sorted(_all(text), key=lambda e: (e.start, -e.end))
    kept: list[Entity] = []
    for entity in found:
        if kept and entity.start < kept[-1].end and kept[-1].kind != "url":
            continue
        kept.append(entity)
    return kept


def _all(text: str) -> Iterator[Entity]:
    for m in URL.finditer(text):
        yield Entity("url", m.group(), m.start(), m.end())
    for m in HEX64.finditer(text):
        yield Entity("txid", m.group(), m.start(), m.end(), "evm" if m[1] else "", None)
    for m in EVM.finditer(text):
        yield Entity("address", m.group(), m.start(), m.end(), "evm", _eip55(m.group()))
    for m in BECH32.finditer(text):
        prefix = bech32(m.group())
        chain = {"bc": "bitcoin", "tb": "bitcoin-testnet", "ltc": "litecoin", "addr": "cardano"}.get(prefix or "", prefix or "")
        yield Entity("address", m.group(), m.start(), m.end(), chain, prefix is not None)
    for m in TON.finditer(text):
        yield Entity("address", m.group(), m.start(), m.end(), "ton", _ton(m.group()))
    for m in BASE58.finditer(text):
        yield from _base58(m)
    if number := numbering.read(text):
        at = next(m for m in numbering.NUMBER.finditer(text) if numbering.read(m.group()))
        yield Entity("number", number, at.start(), at.end(), valid=True)
    for m in UID.finditer(text):
        yield Entity("uid", m[1], m.start(1), m.end(1))
    for m in ORDER.finditer(text):
        if any(c.isdigit() for c in m[1]):
            yield Entity("order", m[1], m.start(1), m.end(1))
    for m in ERROR.finditer(text):
        group = 1 if m[1] else 2
        yield Entity("error_code", m[group], m.start(group), m.end(group))
    for m in AMOUNT.finditer(text):
        if value := amounts.value_of(m[1], m[2]):
            yield Entity("amount", f"{amounts.plain(value)} {m[3].upper()}", m.start(), m.end())


def _base58(m: re.Match[str]) -> Iterator[Entity]:
    text = m.group()
    payload = base58check(text)
    if payload is not None and len(payload) == 21:
        chain = {0x00: "bitcoin", 0x05: "bitcoin", 0x41: "tron", 0x30: "litecoin", 0x1E: "dogecoin", 0x16: "dogecoin"}.get(payload[0], "")
        yield Entity("address", text, m.start(), m.end(), chain, True)
    elif text.startswith("T") and len(text) == 34:
        yield Entity("address", text, m.start(), m.end(), "tron", False)
    elif text.startswith("r") and 25 <= len(text) <= 35:
        yield Entity("address", text, m.start(), m.end(), "xrp", base58check(text, RIPPLE) is not None)
    elif SOLANA_TX.fullmatch(text) and len(base58(text) or b"") == 64:
        yield Entity("txid", text, m.start(), m.end(), "solana", None)
    elif 32 <= len(text) <= 44 and len(base58(text) or b"") == 32:
        yield Entity("address", text, m.start(), m.end(), "solana", None)
    elif text[0] in "13" and 26 <= len(text) <= 35:
        yield Entity("address", text, m.start(), m.end(), "bitcoin", False)


def _eip55(address: str) -> bool | None:
    """Whether the capitals are the checksum of EIP-55; None for an address written in one case, which has none."""
    body = address[2:]
    if body in {body.lower(), body.upper()}:
        return None
    digest = keccak256(body.lower().encode()).hex()
    return all(not c.isalpha() or (c.isupper() == (int(digest[i], 16) >= 8)) for i, c in enumerate(body))


def _ton(address: str) -> bool:
    """CRC-16/XMODEM over the first 34 bytes (TON, TEP-2)."""
    data = base64.urlsafe_b64decode(address)
    crc = 0
    for byte in data[:34]:
        crc ^= byte << 8
        for _ in range(8):
            crc = ((crc << 1) ^ 0x1021) & 0xFFFF if crc & 0x8000 else (crc << 1) & 0xFFFF
    return crc.to_bytes(2, "big") == data[34:]


def keccak256(data: bytes) -> bytes:
    """Keccak-256 as Ethereum uses it (the padding from before FIPS 202)."""
    rate, mask = 136, (1 << 64) - 1
    state = [0] * 25
    padded = bytearray(data) + b"\x01"
    padded += b"\0" * (-len(padded) % rate)
    padded[-1] |= 0x80
    for block in range(0, len(padded), rate):
        for i in range(rate // 8):
            state[i] ^= int.from_bytes(padded[block + 8 * i : block + 8 * i + 8], "little")
        _permute(state, mask)
    return b"".join(word.to_bytes(8, "little") for word in state[:4])


def _permute(a: list[int], mask: int) -> None:
    """Keccak-f[1600] (https://keccak.team/keccak_specs_summary.html)."""
    r = 1
    for _ in range(24):
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x - 1) % 5] ^ ((c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63) & mask) for x in range(5)]
        for i in range(25):
            a[i] ^= d[i % 5]
        x, y, current = 1, 0, a[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            shift = (t + 1) * (t + 2) // 2 % 64
            current, a[x + 5 * y] = a[x + 5 * y], ((current << shift | current >> (64 - shift)) & mask) if shift else current
        for row in range(0, 25, 5):
            t0 = a[row : row + 5]
            for col in range(5):
                a[row + col] = t0[col] ^ (~t0[(col + 1) % 5] & mask & t0[(col + 2) % 5])
        for j in range(7):
            r = ((r << 1) ^ ((r >> 7) * 0x71)) % 256
            if r & 2:
                a[0] ^= 1 << ((1 << j) - 1)
