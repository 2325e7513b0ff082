"""What the fictional exchange charges, by tier (``data/fees.toml``)."""

import tomllib
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from kefu.exchange.port import Fees, Rate, WithdrawalFee

MARKETS = ("spot", "perpetual")


@lru_cache(maxsize=16)
def fees_of(tier: int) -> Fees:
    """The fees of an account of this tier."""
    data = tomllib.loads((files("kefu.exchange") / "data" / "fees.toml").read_text("utf-8"))
    row = max((one for one in data["tier"] if one["tier"] <= tier), key=lambda one: one["tier"])
    rates = tuple(Rate(market, *(Decimal(part) for part in row[market])) for market in MARKETS)
    withdrawals = tuple(WithdrawalFee(w["coin"], w["network"], Decimal(w["fee"]), Decimal(w["minimum"])) for w in data["withdrawal"])
    return Fees(f"VIP {tier}" if tier else "", rates, withdrawals)
