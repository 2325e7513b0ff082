"""What is said in made-up conversations: sentences with amounts, coins and transactions filled in anew."""

import tomllib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

COINS = ("USDT", "BTC", "ETH", "SOL", "XRP", "TRX", "USDC", "TON")
NETWORKS = {
    "TRC20": ("USDT", "TRX"),
    "ERC20": ("USDT", "USDC", "ETH"),
    "BEP20": ("USDT", "USDC"),
    "Solana": ("SOL", "USDC", "USDT"),
    "Arbitrum": ("ETH", "USDC"),
}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


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
    network = rng.choice(list(NETWORKS))
    return text.format(
        coin=rng.choice(NETWORKS[network] if "{network}" in text or "{txid}" in text else COINS),
        amount=round(rng.lognormvariate(4, 1.6), 2),
        network=network,
        txid=_txid(rng, network) if "{txid}" in text else "",
        hours=rng.randrange(1, 49),
        pair=f"{rng.choice(COINS[1:])}USDT",
        uid=rng.randrange(10_000_000, 99_999_999),
    )


def _txid(rng: Random, network: str) -> str:
    """A transaction hash as the network writes them."""
    if network == "Solana":
        return "".join(rng.choices(BASE58, k=88))
    return f"{'' if network == 'TRC20' else '0x'}{rng.getrandbits(256):064x}"
