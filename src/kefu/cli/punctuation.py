"""Chinese text uses full-width punctuation: half-width marks beside Chinese characters are errors."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

HAN = "\u4e00-\u9fff"
WRONG = re.compile(rf"[{HAN}][,;:?!]|[{HAN}]\.(?![\w])|[,;?!](?=[{HAN}])|[{HAN}]\s?\((?![^)]*\]\()|\)(?=[{HAN}])")
CODE = re.compile(r"```.*?```|`[^`]*`|\]\([^)]*\)|https?://\S+|%\(\w+\)[sd]|\{\w*\}|\([A-Z]{2,4}-20\)", re.DOTALL)


def check(root: Path) -> Iterator[str]:
    """One line a mistake, in content and in translations."""
    for path in sorted((root / "content").rglob("*.zh-hans.md")):
        yield from _wrong(path.relative_to(root), path.read_text(encoding="utf-8"))
    for path in sorted(root.glob("src/kefu/**/zh_hans.toml")):
        for chinese in tomllib.loads(path.read_text(encoding="utf-8")).values():
            yield from _wrong(path.relative_to(root), str(chinese))


def _wrong(path: Path, text: str) -> Iterator[str]:
    bare = CODE.sub(lambda m: "\u0000" * len(m.group()), text)
    for match in WRONG.finditer(bare):
        line = bare.count("\n", 0, match.start()) + 1
        around = text[max(0, match.start() - 12) : match.end() + 12].replace("\n", " ")
        yield f"{path}:{line}: …{around}…"
