"""What is said in made-up conversations: sentences with amounts, coins and transactions filled in anew."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

COINS = ("USDT", "BTC", "ETH", "SOL", "XRP", "TRX", "USDC", "TON")
NETWORKS = ("TRC20", "ERC20", "BEP20", "Solana", "Arbitrum", "Polygon")


@cache
def texts() -> dict[str, Any]:
    """The sentences, from the file beside this one."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))


def asked(rng: Random, language: str, topic: str) -> str:
    """How a conversation begins: of its topic where the language has sentences for it."""
    known = texts()["asked"].get(language) or texts()["asked"]["en"]
    return filled(rng, rng.choice(known.get(topic) or known["other"]))


def line(rng: Random, kind: str, language: str) -> str:
    """A sentence of a kind ("answered", "said_again", "bot") in the language, else in English."""
    known = texts()[kind]
    return filled(rng, rng.choice(known.get(language) or known["en"]))


def name(rng: Random, language: str) -> str:
    """A customer's name."""
    known = texts()["names"]
    return str(rng.choice(known.get(language) or known["en"]))


def filled(rng: Random, text: str) -> str:
    """The sentence with its blanks filled."""
    if "{" not in text:
        return text
    coin = rng.choice(COINS)
    return text.format(
        coin=coin,
        amount=round(rng.lognormvariate(4, 1.6), 2),
        network=rng.choice(NETWORKS),
        txid=f"0x{rng.getrandbits(256):064x}" if "{txid}" in text else "",
        hours=rng.randrange(1, 49),
        pair=f"{rng.choice(COINS[1:])}USDT",
        uid=rng.randrange(10_000_000, 99_999_999),
    )
