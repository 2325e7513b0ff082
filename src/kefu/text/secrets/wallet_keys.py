"""Private keys that prove themselves by their checksum, in the forms in which wallets export them."""

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kefu.text.checksums import BASE58, RIPPLE, base58, base58check, bech32
from kefu.text.secrets.finding import Finding, Kind
from kefu.text.secrets.runs import has_alphanumerics

SHORTEST = 28
TOKEN = re.compile(rf"(?<![0-9A-Za-z])[0-9A-Za-z]{{{SHORTEST},130}}(?![0-9A-Za-z])")
BASE58_ONLY = re.compile(rf"[{BASE58}]+")
# Human-readable parts of private keys in bech32: Sui (SIP-15), Nostr (NIP-19), age, Cardano (CIP-5).
BECH32_KEYS = (
    "suiprivkey",
    "nsec",
    "age-secret-key-",
    "addr_xsk",
    "root_xsk",
    "acct_xsk",
    "stake_xsk",
    "addr_sk",
    "root_sk",
    "ed25519_sk",
    "ed25519e_sk",
    "xprv",
)
BECH32 = re.compile(rf"(?<![0-9A-Za-z])(?:{'|'.join(BECH32_KEYS)})1[02-9ac-hj-np-z]{{38,240}}(?![0-9a-z])", re.IGNORECASE)
BYTES = re.compile(r"\[\s{0,3}\d{1,3}(?:\s{0,3},\s{0,3}\d{1,3}){31,95}\s{0,3}\]")
EOS = re.compile(r"(?<![0-9A-Za-z])PVT_[KR]1_[1-9A-HJ-NP-Za-km-z]{45,55}")


def find_wallet_keys(text: str, low: str) -> Iterator[Finding]:
    for match in TOKEN.finditer(text) if has_alphanumerics(text, SHORTEST) else ():
        if kind := _kind(match.group()):
            yield Finding(kind[0], match.start(), match.end(), kind[1])
    if any(f"{prefix}1" in low for prefix in BECH32_KEYS):
        for match in BECH32.finditer(text):
            certain = bech32(match.group()) is not None
            yield Finding(
                Kind.EXTENDED_KEY if "x" in match.group()[:9].lower() else Kind.PRIVATE_KEY,
                match.start(),
                match.end(),
                1.0 if certain else 0.8,
            )
    if "PVT_" in text:
        for match in EOS.finditer(text):
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.95)
    for match in BYTES.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", match.group())]
        if len(numbers) in {32, 64} and max(numbers) < 256 and len(set(numbers)) > 16:
            yield Finding(Kind.PRIVATE_KEY, match.start(), match.end(), 0.95)


def _kind(token: str) -> tuple[Kind, float] | None:
    """What a run of letters and digits is, and how certain that is."""
    size = len(token)
    if size == 56 and token[0] == "S":
        return (Kind.PRIVATE_KEY, 1.0) if _stellar(token) else None
    if size >= 100 and token[1:4] == "prv":
        return Kind.EXTENDED_KEY, 1.0 if base58check(token) else 0.8
    if size not in {29, 31, 51, 52, 54, 58, 86, 87, 88, 98} or not BASE58_ONLY.fullmatch(token):
        return None
    if size in {51, 52} and _wif(token):
        return Kind.PRIVATE_KEY, 1.0
    if size == 58 and token.startswith("6P"):  # BIP-38
        return (Kind.PRIVATE_KEY, 1.0) if base58check(token) else None
    if size in {54, 98} and token.startswith(("edsk", "spsk", "p2sk")):  # Tezos
        return (Kind.PRIVATE_KEY, 1.0) if base58check(token) else None
    if size in {29, 31} and token[0] == "s":  # XRP Ledger family seed
        payload = base58check(token, RIPPLE)
        return (Kind.PRIVATE_KEY, 1.0) if payload and (payload[0] == 33 or payload[:3] == b"\x01\xe1\x4b") else None
    if size in {86, 87, 88} and is_keypair(base58(token) or b""):
        return Kind.PRIVATE_KEY, 1.0
    return None


def _wif(token: str) -> bool:
    """Version byte, 32 bytes of key, and a 01 for compressed ones; the version differs from coin to coin."""
    payload = base58check(token)
    return payload is not None and (len(payload) == 33 or (len(payload) == 34 and payload[-1] == 1))


def _stellar(token: str) -> bool:
    """Base32 with CRC-16/XMODEM, version byte 144 (SEP-23)."""
    try:
        data = base64.b32decode(token)
    except binascii.Error:
        return False
    return data[0] == 144 and binascii.crc_hqx(data[:-2], 0).to_bytes(2, "little") == data[-2:]


def is_keypair(data: bytes) -> bool:
    """Whether 64 bytes are an Ed25519 seed with its public key behind it (as Solana and NEAR export), not a signature."""
    if len(data) != 64:
        return False
    key = Ed25519PrivateKey.from_private_bytes(data[:32]).public_key()
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw) == data[32:]
