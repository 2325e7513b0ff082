"""The checksums by which keys, addresses and numbers prove that they are what they look like."""

import hashlib

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
RIPPLE = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz"  # the XRP Ledger's order of the same letters
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PLACE = {c: i for i, c in enumerate(BASE58)}


def base58(text: str, alphabet: str = BASE58) -> bytes | None:
    """The bytes of a base58 text; None for other characters."""
    place = _PLACE if alphabet == BASE58 else {c: i for i, c in enumerate(alphabet)}
    number = 0
    for character in text:
        if character not in place:
            return None
        number = number * 58 + place[character]
    zeros = len(text) - len(text.lstrip(alphabet[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def base58check(text: str, alphabet: str = BASE58) -> bytes | None:
    """The payload of a base58check text (double SHA-256, four bytes); None when the checksum does not hold."""
    data = base58(text, alphabet)
    if data is None or len(data) < 5:
        return None
    digest = hashlib.sha256(hashlib.sha256(data[:-4]).digest()).digest()
    return data[:-4] if digest[:4] == data[-4:] else None


def bech32(text: str) -> str | None:
    """The human-readable part of a valid bech32 (BIP-173) or bech32m (BIP-350) text; None otherwise."""
    if text != text.lower() and text != text.upper():
        return None
    text = text.lower()
    prefix, _, data = text.rpartition("1")
    if not prefix or len(data) < 6 or any(c not in BECH32 for c in data):
        return None
    values = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + [BECH32.index(c) for c in data]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if (top >> i) & 1 else 0
    return prefix if check in (1, 0x2BC830A3) else None


def luhn(digits: str) -> bool:
    """Whether decimal digits end with their Luhn check digit (ISO/IEC 7812-1, annex B)."""
    total = 0
    for i, character in enumerate(reversed(digits)):
        value = int(character) * (1 + i % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def resident_id(text: str) -> bool:
    """Whether 18 characters are a Chinese resident identity number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    month, day = int(text[10:12]), int(text[12:14])
    if not (1 <= month <= 12 and 1 <= day <= 31 and text[6:8] in {"18", "19", "20"}):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(c) * w for c, w in zip(text, weights, strict=False))
    return "10X98765432"[total % 11] == text[17].upper()


def iban(text: str) -> bool:
    """Whether a text without spaces is an IBAN (ISO 13616, mod 97)."""
    turned = text[4:] + text[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1
