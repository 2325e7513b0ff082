"""Colours: text is readable and controls are visible in both schemes (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re

import pytest

from kefu.web.ui import bundles

TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (bundles.SOURCES / "css" / "tokens.css").read_text()
    )
} | {"on-accent": ("#ffffff", "#ffffff")}
SURFACES = ("sunken", "paper", "surface", "raised", "hover")
TEXT = [(ink, surface) for ink in ("ink", "ink-2", "accent-ink") for surface in SURFACES]
TEXT += [("ink-3", surface) for surface in SURFACES if surface != "hover"]
TEXT += [(f"{kind}-ink", f"{kind}-soft") for kind in ("ok", "warn", "bad", "accent")]
TEXT += [(f"{kind}-ink", surface) for kind in ("ok", "warn", "bad") for surface in SURFACES]
TEXT += [("on-accent", "accent"), ("on-accent", "accent-hover"), ("on-inverse", "inverse")]


def luminance(colour: str) -> float:
    """Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, scheme: int) -> float:
    """Contrast ratio of two tokens in a scheme, 1 to 21."""
    low, high = sorted((luminance(TOKENS[one][scheme]), luminance(TOKENS[other][scheme])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", (0, 1), ids=("light", "dark"))
@pytest.mark.parametrize(("ink", "surface"), TEXT)
def test_text_can_be_read(ink: str, surface: str, scheme: int) -> None:
    assert contrast(ink, surface, scheme) >= 4.5


@pytest.mark.parametrize("scheme", (0, 1), ids=("light", "dark"))
@pytest.mark.parametrize("surface", ("paper", "surface", "raised"))
def test_controls_can_be_seen(surface: str, scheme: int) -> None:
    assert contrast("line-control", surface, scheme) >= 3
