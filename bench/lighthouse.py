"""What Lighthouse says of the help centre, where it is installed (`npm install -g lighthouse`, or its path in KEFU_LIGHTHOUSE)."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.table import Row

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from serving import Server  # noqa: E402

GOAL = "≥ 95 in all four"
PAGES = {"front page": "zh-hans/", "article": "en/articles/lost-authenticator/", "ticket form": "en/tickets/new/deposits/"}
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-quic --no-first-run --disable-sync"


def rows(full: bool) -> Iterator[Row]:
    program, browser = os.environ.get("KEFU_LIGHTHOUSE") or shutil.which("lighthouse"), shutil.which("chromium")
    if not program or not browser:
        yield Row("Lighthouse on a phone: speed, accessibility, practice, search", "not measured: lighthouse or chromium is not here", GOAL)
        return
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder)).start()
        try:
            for name, path in PAGES.items():
                scores = _scores(program, browser, f"{server.url}/{path}", Path(folder) / "report.json")
                figure = " / ".join(str(score) for score in scores)
                yield Row(f"Lighthouse on a phone, {name}: speed, access, practice, search", figure, GOAL, ok=min(scores) >= 95)
        finally:
            server.stop()


def _scores(program: str, browser: str, url: str, report: Path) -> list[int]:
    """The four categories, 0 to 100, on the phone that Lighthouse imitates."""
    command = [program, url, "--quiet", "--output=json", f"--output-path={report}", f"--chrome-flags={CHROMIUM}"]
    subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, check=True, timeout=120)  # noqa: S603 - our own list
    categories = json.loads(report.read_text())["categories"]
    return [round(100 * categories[name]["score"]) for name in ("performance", "accessibility", "best-practices", "seo")]
