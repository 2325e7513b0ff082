"""What learning needed is given back to the machine: measured, in a process of its own."""

import ctypes
import subprocess
import sys
from pathlib import Path

import pytest

MB = 2**20
HELD = 40  # MB that are needed for a while
# Pieces too large for Python's own allocator; a few stay, as in real life, so that the C library cannot shrink its heap from the end.
CHILD = f"""
import os
from pathlib import Path
from kefu.system.collector import give_back

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

before = resident()
pieces = [bytearray(4000) for _ in range({HELD} * {MB} // 4000)]
most = resident()
kept = pieces[::200]
del pieces
freed = resident()
give_back()
print(before, most, freed, resident(), len(kept))
"""

pytestmark = pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim") or not Path("/proc/self/statm").exists(),
    reason="the C library gives nothing back when asked, or nobody says what a process holds",
)


def test_what_is_freed_goes_back_to_the_machine():
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, timeout=60, check=True)
    before, most, freed, after, _kept = map(int, done.stdout.split())
    assert most - before > (HELD - 5) * MB, "it was really held"
    assert freed - before > (HELD - 10) * MB, "nobody gives it back by itself; else this measures nothing"
    assert after - before < 10 * MB
