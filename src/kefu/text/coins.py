"""Which coins a text names, by ticker or by name, in any language."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files


def coins_in(text: str) -> set[str]:
    """The tickers of the coins that are named; "sol" and "near" in small letters are words and name none."""
    any_case, upper, names = _patterns()
    found = {match.upper() for match in any_case.findall(text)} | set(upper.findall(text))
    return found | {coin for coin, pattern in names.items() if pattern.search(text)}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, re.Pattern[str]]]:
    data = tomllib.loads((files("kefu.text") / "data" / "coins.toml").read_text("utf-8"))
    tickers = {name: rf"(?<![A-Za-z0-9])(?:{'|'.join(data[name])})(?![A-Za-z0-9])" for name in ("any_case", "upper")}
    names = {coin: re.compile(pattern, re.IGNORECASE) for coin, pattern in data["names"].items()}
    return re.compile(tickers["any_case"], re.IGNORECASE), re.compile(tickers["upper"]), names
