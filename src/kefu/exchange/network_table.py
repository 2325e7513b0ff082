"""The exchange's table of coins and networks, for whoever fills in a form: what there is, what is shut, what is needed."""

import re
from dataclasses import dataclass
from datetime import datetime

from kefu.exchange.choose import exchange
from kefu.exchange.port import Network, NotFound, Unavailable


@dataclass(frozen=True)
class Table:
    """``rows`` in the exchange's order; ``fetched_at``: when it said so; ``is_stale``: it does not answer now."""

    rows: tuple[Network, ...]
    fetched_at: datetime
    is_stale: bool = False

    @property
    def coins(self) -> list[str]:
        return list(dict.fromkeys(one.coin for one in self.rows))

    @property
    def shut(self) -> list[Network]:
        """Those on which deposits or withdrawals are suspended."""
        return [one for one in self.rows if not (one.deposits_open and one.withdrawals_open)]

    def coin(self, typed: str) -> str:
        """A coin as the table writes it; what was typed where it has none of this name."""
        return next((coin for coin in self.coins if coin.casefold() == typed.strip().casefold()), typed.strip())

    def of(self, coin: str) -> list[Network]:
        """The networks of a coin; of all coins, each network once, where the table does not know the coin."""
        found = [one for one in self.rows if one.coin == self.coin(coin)]
        return found or list({one.network: one for one in self.rows}.values())

    def knows(self, coin: str) -> bool:
        return self.coin(coin) in self.coins

    def network(self, typed: str, coin: str = "") -> str:
        """A network as the table writes it: by its name or a part that fits one alone, such as trc20; else what was typed."""
        names = {one.network for one in self.of(coin)}
        wanted = _bare(typed)
        exact = [name for name in names if _bare(name) == wanted]
        part = [name for name in names if len(wanted) > 2 and wanted in _bare(name)]
        fits = exact or part
        return fits[0] if len(fits) == 1 else typed.strip()

    def find(self, coin: str, network: str) -> Network | None:
        """The row of a coin on a network."""
        wanted = (self.coin(coin), self.network(network, coin))
        return next((one for one in self.rows if (one.coin, one.network) == wanted), None)


def network_table() -> Table | None:
    """The table as the exchange says it; None where there is no exchange, or none that answers."""
    port = exchange()
    try:
        answer = port.networks() if port else None
    except (NotFound, Unavailable):
        return None
    return Table(answer.value, answer.fetched_at, answer.is_stale) if answer and answer.value else None


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]", "", text.casefold())
