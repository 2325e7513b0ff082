"""`kefu bench [NAME …] [--full]`: measure, and print one table."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(ROOT))
    table = importlib.import_module("bench.table")
    full = "--full" in arguments
    wanted = [name for name in arguments if not name.startswith("-")]
    rows = []
    for path in sorted((ROOT / "bench").glob("*.py")):
        if path.stem in {"__init__", "table"} or (wanted and path.stem not in wanted):
            continue
        module = importlib.import_module(f"bench.{path.stem}")
        if hasattr(module, "rows"):
            print(f"measuring {path.stem} ...", file=sys.stderr, flush=True)
            rows += list(module.rows(full))
    table.show(rows)
    return 0
