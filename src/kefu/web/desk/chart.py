"""Line charts as inline SVG: where the lines run, worked out here; the figures themselves stand beside it in a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 760, 190
LEFT, RIGHT, TOP, BOTTOM = 38, 12, 18, 24
STEPS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Series:
    """``kind`` is its class: main, or empty for what is compared with it, or forecast. None where there is no value."""

    name: str
    values: Sequence[float | None]
    kind: str = ""


@dataclass(frozen=True)
class Line:
    name: str
    kind: str
    points: str
    end: tuple[str, str]
    last: str


@dataclass(frozen=True)
class Chart:
    """Everything a template draws; positions in the units of the view box."""

    lines: list[Line]
    grid: list[tuple[str, str]]
    ticks: list[tuple[str, str]]
    table: list[tuple[str, list[str]]]
    names: list[str]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - 6


def chart(labels: Sequence[str], series: Sequence[Series], *, ticks: int = 7) -> Chart:
    """Lines over evenly spaced labels; of the labels about ``ticks`` are written below."""
    top = nice(max((value for one in series for value in one.values if value is not None), default=0))
    span, high = max(len(labels) - 1, 1), HEIGHT - TOP - BOTTOM

    def x(place: int) -> str:
        return f"{LEFT + place * (WIDTH - LEFT - RIGHT) / span:.1f}"

    def y(value: float) -> str:
        return f"{TOP + high * (1 - value / top):.1f}"

    lines = []
    for one in series:
        known = [(x(place), y(value), value) for place, value in enumerate(one.values) if value is not None]
        if known:
            points = " ".join(f"{at},{height}" for at, height, _value in known)
            lines.append(Line(one.name, one.kind, points, known[-1][:2], f"{known[-1][2]:.0f}"))
    every = max(1, ceil(len(labels) / ticks))
    grid = [(y(top * part / 4), f"{top * part / 4:g}") for part in range(5)]
    table = [(label, ["–" if one.values[n] is None else f"{one.values[n]:.0f}" for one in series]) for n, label in enumerate(labels)]
    written = [(x(place), label) for place, label in enumerate(labels) if place % every == 0]
    return Chart(lines, grid, written, table, [one.name for one in series])


def nice(value: float) -> float:
    """The next round number of 4, 8, 20, 40 and so on, so that four lines of the grid have round numbers too."""
    if value <= 4:
        return 4
    size = 10 ** floor(log10(value / 4))
    return 4 * size * next(step for step in STEPS if step * size * 4 >= value)
