"""What a detector says."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    SEED_PHRASE = "seed_phrase"
    PRIVATE_KEY = "private_key"
    EXTENDED_KEY = "extended_key"
    KEYSTORE = "keystore"
    API_SECRET = "api_secret"
    PASSPHRASE = "passphrase"
    PASSWORD = "password"
    ONE_TIME_CODE = "one_time_code"
    CARD_NUMBER = "card_number"
    ID_NUMBER = "id_number"
    BANK_ACCOUNT = "bank_account"


@dataclass(frozen=True)
class Finding:
    """A secret from ``start`` to ``end`` (characters of the original text); ``certainty`` from 0 to 1."""

    kind: Kind
    start: int
    end: int
    certainty: float


@dataclass(frozen=True)
class Redaction:
    text: str
    findings: list[Finding]
