"""`kefu check`: lint, types, layers, templates, Chinese punctuation, translations."""

import subprocess
import sys
from pathlib import Path

from kefu.cli import punctuation

ROOT = Path(__file__).resolve().parents[3]

STEPS: tuple[tuple[str, list[str]], ...] = (
    ("lint", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("layers", ["lint-imports", "--no-cache"]),
    ("types", ["mypy", "src/kefu"]),
    ("templates", ["djlint", "src", "--lint", "--quiet"]),
)


def main(arguments: list[str]) -> int:
    wanted = set(arguments)
    failed = []
    for name, command in STEPS:
        if wanted and name not in wanted:
            continue
        tool = Path(sys.executable).with_name(command[0])
        result = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own list
        print(f"{name:<12} {'ok' if result.returncode == 0 else 'failed'}")
        if result.returncode:
            failed.append(name)
            print((result.stdout + result.stderr)[-6000:])
    if not wanted or "punctuation" in wanted:
        wrong = list(punctuation.check(ROOT))
        print(f"{'punctuation':<12} {'failed' if wrong else 'ok'}")
        print("\n".join(wrong[:60]))
        failed += ["punctuation"] if wrong else []
    return 1 if failed else 0
