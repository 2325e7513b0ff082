"""`kefu bench [NAME …] [--full]`: measure, and print one table."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    if {"-h", "--help"} & set(arguments):
        print(__doc__)
        print("Subjects:", ", ".join(path.stem for path in _subjects()))
        return 0
    sys.path.insert(0, str(ROOT))
    table = importlib.import_module("bench.table")
    full = "--full" in arguments
    wanted = [name for name in arguments if not name.startswith("-")]
    rows = []
    for path in _subjects():
        if wanted and path.stem not in wanted:
            continue
        module = importlib.import_module(f"bench.{path.stem}")
        if hasattr(module, "rows"):
            print(f"measuring {path.stem} ...", file=sys.stderr, flush=True)
            rows += list(module.rows(full))
    table.show(rows)
    return 0


def _subjects() -> list[Path]:
    """The files that measure, and what they share."""
    return [path for path in sorted((ROOT / "bench").glob("*.py")) if path.stem not in {"__init__", "table"}]
