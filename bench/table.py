"""One row per measurement, and the table that shows them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``what`` was measured, its ``figure`` and ``goal`` as people read them; ``peer``: the limit or the other
    system measured in the same run; ``ok``: whether the goal is met, None where that says nothing."""

    what: str
    figure: str
    goal: str
    peer: str = ""
    ok: bool | None = None


HEAD = ("what", "figure", "goal", "peer or limit", "")


def show(rows: Iterable[Row]) -> None:
    """Print the rows as an aligned table; a goal that is missed says so."""
    lines = [HEAD, *((row.what, row.figure, row.goal, row.peer, _verdict(row.ok)) for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(HEAD))]
    for number, line in enumerate(lines):
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())
        if number == 0:
            print("  ".join("-" * width for width in widths))


def _verdict(ok: bool | None) -> str:
    return {True: "met", False: "MISSED", None: ""}[ok]


def _width(text: str) -> int:
    """Columns on a terminal: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
