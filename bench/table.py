"""One row per measurement, and the table that shows them."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Row:
    """``what`` was measured, its ``figure`` and ``goal`` as people read them; ``peer``: the limit or the other
    system measured in the same run; ``ok``: whether the goal is met, None where that says nothing."""

    what: str
    figure: str
    goal: str
    peer: str = ""
    ok: bool | None = None


def not_here(what: str, goal: str) -> Row:
    """The row of a measurement whose public data set is absent."""
    return Row(what, "not measured: ../shared/data is not here", goal)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(seconds: Sequence[float]) -> str:
    """Median and 99th percentile of durations, in milliseconds."""
    return f"p50 {percentile(seconds, 0.5) * 1000:.1f} ms, p99 {percentile(seconds, 0.99) * 1000:.1f} ms"


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
