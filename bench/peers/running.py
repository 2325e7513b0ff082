"""The other systems, installed and started for one measurement: each gives its port, or None where it cannot be had."""

import contextlib
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from serving import free_port  # noqa: E402

# With later clients of Redis, channels-redis runs into their limits of connections and of seconds.
CHANNELS = ("channels~=4.3", "channels-redis~=4.3", "redis~=5.2", "uvicorn[standard]")


@contextlib.contextmanager
def bare() -> Iterator[int]:
    """A uvloop server that only writes."""
    port = free_port()
    with running([sys.executable, "-m", "bench.peers.bare", str(port)]):
        yield port


@contextlib.contextmanager
def channels() -> Iterator[int | None]:
    """Django Channels with Redis, in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        python = environment(Path(folder), CHANNELS)
        if python is None:
            yield None
            return
        port = free_port()
        command = [str(python), "-m", "uvicorn", "--log-level", "error", "bench.peers.channels_app:application", "--port", str(port)]
        with running(command):
            yield port


def environment(folder: Path, packages: Sequence[str]) -> Path | None:
    """The Python of a new environment with these packages; None where they cannot be installed."""
    venv.create(folder, with_pip=True)
    done = subprocess.run([folder / "bin" / "pip", "install", "-q", *packages], capture_output=True, check=False)
    return folder / "bin" / "python" if done.returncode == 0 else None


@contextlib.contextmanager
def running(command: Sequence[str]) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait(10)
