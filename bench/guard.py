"""The guard: secrets found and prose left alone, look-alike domains, HTML; on the public sets."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

from bench.table import DATA, Row, not_here
from kefu.text.lookalike import match
from kefu.text.markup import plain
from kefu.text.secrets import redact

CONTENT = Path(__file__).resolve().parents[1] / "content" / "articles"


def rows(full: bool) -> Iterator[Row]:
    if not DATA.exists():
        yield not_here("secrets", "recall ≥ 98 %, altered ≤ 1 %")
        return
    yield from secrets()
    yield from domains()


def secrets() -> Iterator[Row]:
    cases = [json.loads(line) for line in (DATA / "secrets.jsonl").read_text("utf-8").splitlines()]
    for case in cases:
        redact(case["text"])  # lists are read and expressions compiled at their first use
    secret = [c for c in cases if c["cls"] in {"secret", "soft"}]
    benign = [c for c in cases if c["cls"] == "benign"]
    took = []
    found = 0
    for case in secret:
        at = time.process_time()
        result = redact(case["text"])
        took.append(time.process_time() - at)
        found += bool(result.findings) and not (case["secret"] and case["secret"] in result.text)
    altered = sum(redact(case["text"]).text != case["text"] for case in benign)
    phrases = [c for c in secret if c["kind"].startswith("mnemonic") and c["cls"] == "secret"]
    whole = sum(any(f.kind == "seed_phrase" for f in redact(c["text"]).findings) for c in phrases)
    yield Row("secrets: recall", f"{found / len(secret):.1%}", "≥ 98 %", ok=found / len(secret) >= 0.98)
    yield Row("secrets: seed phrases, 12 lists", f"{whole / len(phrases):.1%}", "100 %", ok=whole == len(phrases))
    yield Row("secrets: benign text altered", f"{altered / len(benign):.1%}", "≤ 1 %", ok=altered / len(benign) <= 0.01)
    yield Row("secrets: slowest text", f"{max(took) * 1000:.1f} ms", "< 10 ms", ok=max(took) < 0.01)
    for language, name in (("zh-hans", "Chinese"), ("en", "English")):
        text = lines(language)
        at = time.process_time()
        redact(text)
        once = time.process_time() - at
        yield Row(f"secrets: 200 KB of {name} list text", f"{once * 1000:.0f} ms of CPU", "< 100 ms", ok=once < 0.1)


def lines(language: str) -> str:
    """200 KB of the starter content, a line for every clause, without figures and without what the guard speaks of itself."""
    said = "\n".join(
        plain(path.read_text("utf-8").split("+++", 2)[2])
        for path in sorted(CONTENT.glob(f"*/*.{language}.md"))
        if "wallet" not in path.name
    )
    clauses = [one.strip() for one in re.split(r"[\n，。；：,.;:|]+", said) if len(one.strip()) > 3]
    text = "\n".join(f"- {one}" for one in clauses if "seed" not in one and "助记词" not in one)
    size = len(text.encode())
    return (text * (200_000 // size + 1)).encode()[:200_000].decode(errors="ignore")


def domains() -> Iterator[Row]:
    data = json.loads((DATA / "domains.json").read_text("utf-8"))
    fakes = data["lookalike"]
    hits = [bool(match(one["domain"], data["official"])) for one in fakes]
    typos = [hit for one, hit in zip(fakes, hits, strict=True) if one["how"] == "typo"]
    false = [domain for domain in data["benign"] if match(domain, data["official"])]
    yield Row("look-alike domains: recall", f"{sum(hits) / len(hits):.1%}", "≥ 92 %", ok=sum(hits) / len(hits) >= 0.92)
    yield Row("look-alike domains: one-edit typos", f"{sum(typos) / len(typos):.1%}", "≥ 80 %", ok=sum(typos) / len(typos) >= 0.8)
    share = len(false) / len(data["benign"])
    yield Row("look-alike domains: false alarms", f"{share:.2%}", "≤ 0.5 %", ok=share <= 0.005)
