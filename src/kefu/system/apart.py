"""A pure function in a process of its own: what it is given may be hostile, and it can be stopped."""

import importlib
import subprocess
import sys
import threading
from pathlib import Path

MEMORY = 1_500_000_000  # bytes of address space
_ROOT = str(Path(__file__).resolve().parents[2])
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from kefu.system.apart import main; main()"
_few = threading.BoundedSemaphore(2)  # at a time; more would only wait for the processor


class Stopped(Exception):
    """It took too long, needed too much memory, or broke."""


def apart(function: str, argument: str, content: bytes, *, seconds: int) -> bytes:
    """What ``function`` ("package.module:name") makes of ``argument`` and ``content``; raises Stopped.

    It gets no more than ``seconds`` of the processor and three times that by the clock, and yields to everything else.
    """
    with _few:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
                [sys.executable, "-c", _START, _ROOT, function, argument, str(seconds)],
                input=content,
                capture_output=True,
                timeout=seconds * 3,
                check=False,
            )
        except (subprocess.TimeoutExpired, OSError) as error:
            raise Stopped(type(error).__name__) from None
    if done.returncode:
        raise Stopped(str(done.returncode))
    return done.stdout


def main() -> None:
    """The other side: limits first, then the function."""
    import os
    import resource

    function, argument, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(10)
    module, _, name = function.partition(":")
    sys.stdout.buffer.write(getattr(importlib.import_module(module), name)(argument, sys.stdin.buffer.read()))
