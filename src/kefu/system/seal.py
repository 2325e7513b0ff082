"""Fields and files that a thief of the database or the disk must not read: AES-256-GCM under a key of the secret key.

Format: two bytes of version, 12 of nonce, then the sealed bytes with their 16 of authentication (NIST SP 800-38D).
"""

import os
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"K1"
NONCE = 12


class Broken(Exception):
    """What is to be opened was changed, cut, or sealed under another secret key."""


def seal(plain: bytes, *, place: str = "") -> bytes:
    """``plain`` sealed. ``place`` ties it to where it belongs: moved elsewhere it cannot be opened."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + _cipher(settings.SECRET_KEY).encrypt(nonce, plain, place.encode())


def unseal(sealed: bytes, *, place: str = "") -> bytes:
    """What ``seal`` was given; raises Broken."""
    if sealed[:2] != VERSION:
        raise Broken("not sealed by this version")
    try:
        inside = memoryview(sealed)[2 + NONCE :]  # no copy: a mail may have 60 MB
        return _cipher(settings.SECRET_KEY).decrypt(sealed[2 : 2 + NONCE], inside, place.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken("sealed under another key, or changed") from error


@lru_cache(maxsize=4)
def _cipher(secret: str) -> AESGCM:
    return AESGCM(sha256(b"kefu.seal" + secret.encode()).digest())
