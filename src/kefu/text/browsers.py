"""Which browser and which system a User-Agent line names, in the words that people know."""

import re

# The first that fits: each pretends to be those below it.
BROWSERS = (
    ("WeChat", r"MicroMessenger/(\d+)"),
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Opera", r"OPR/(\d+)"),
    ("Samsung Internet", r"SamsungBrowser/(\d+)"),
    ("QQ", r"M?QQBrowser/(\d+)"),
    ("UC", r"UC(?:Browser|WEB)/?(\d+)"),
    ("Vivaldi", r"Vivaldi/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:HeadlessChrome|Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[.\d]* (?:Mobile/\S+ )?Safari/"),
)
SYSTEMS = (
    ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)
HAND_HELD = {"Android", "HarmonyOS", "iPhone", "iPad"}


def browser_of(agent: str) -> str:
    """Such as ``Firefox 128``; empty when it names none that we know."""
    for name, pattern in BROWSERS:
        if found := re.search(pattern, agent[:500]):
            return f"{name} {found[1]}"
    return ""


def system_of(agent: str) -> str:
    """Such as ``Windows`` or ``iPhone``; empty when it names none that we know."""
    return next((name for name, pattern in SYSTEMS if re.search(pattern, agent[:500])), "")


def named(agent: str) -> str:
    """Browser and system, such as ``Firefox 128 · Windows``; what is not known is left out."""
    return " · ".join(part for part in (browser_of(agent), system_of(agent)) if part)
