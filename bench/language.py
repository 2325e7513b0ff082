"""The language of a text: questions of public sets and sentences written for other tests, whole and two words of them, beside py3langid alone."""

import csv
import json
import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.table import DATA, Row
from kefu.text.language import detect

ROOT = Path(__file__).resolve().parents[1]
AMONG = ("zh-hans", "en", "es", "ru", "tr", "vi")
SPACED = AMONG[1:]
EACH = 400  # two-word pieces of a language; its sentences are as many as there are

Pairs = Sequence[tuple[str, str]]


def rows(full: bool) -> Iterator[Row]:
    whole = list(sentences())
    pieces = list(two_words(whole))
    for what, pairs, goal in (("a question", whole, 0.999), ("two words", pieces, 0.935)):
        ours, peer = accuracy(pairs, lambda text: detect(text, AMONG)), accuracy(pairs, engine())
        worst = min(
            (accuracy([p for p in pairs if p[1] == name], lambda text: detect(text, AMONG)), name) for name in AMONG[what != "a question" :]
        )
        figure = f"{ours:.4f} of {len(pairs)}, least {worst[1]} {worst[0]:.3f}"
        yield Row(f"language of {what}: accuracy", figure, f"≥ {goal}", f"py3langid {peer:.4f}", ours >= goal)


def sentences() -> Iterator[tuple[str, str]]:
    """Texts of three words and more (Chinese: four characters) with their languages."""
    heard = tomllib.loads((ROOT / "tests" / "text" / "sentences" / "handoff.toml").read_text("utf-8"))
    asked = tomllib.loads((ROOT / "bench" / "sets" / "other_languages.toml").read_text("utf-8"))
    held = [(line, name) for kind in heard.values() for name, lines in kind.items() for line in lines.splitlines()]
    held += [(text, name) for name, by in asked.items() for texts in by.values() for text in texts]
    if (DATA / "intents").exists():
        with (DATA / "intents" / "banking77_test.csv").open(encoding="utf-8") as file:
            held += [(row["text"], "en") for row in csv.DictReader(file)][::10]
        held += [(text, "en") for text, _ in json.loads((DATA / "intents" / "clinc150.json").read_text("utf-8"))["test"]][::20]
    for text, name in held:
        if name in AMONG and len(text.split() if name != "zh-hans" else re.findall(r"[\u4e00-\u9fff]", text)) >= 3 + (name == "zh-hans"):
            yield text, name


def two_words(whole: Pairs) -> Iterator[tuple[str, str]]:
    """Neighbouring words of the sentences, the same ones every time."""
    rng = random.Random(5)
    for name in SPACED:
        found = sorted({pair for text, said in whole if said == name for pair in neighbours(text)})
        yield from ((pair, name) for pair in rng.sample(found, min(EACH, len(found))))


def neighbours(text: str) -> Iterator[str]:
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text)
    for a, b in zip(words, words[1:], strict=False):
        if len(a) + len(b) >= 6:
            yield f"{a} {b}"


def accuracy(pairs: Pairs, guess: Callable[[str], str]) -> float:
    return sum(guess(text) == name for text, name in pairs) / max(1, len(pairs))


def engine() -> Callable[[str], str]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([name.split("-")[0] for name in AMONG])
    codes = {name.split("-")[0]: name for name in AMONG}
    return lambda text: codes[identifier.classify(text)[0]]
