"""The doorbell: tells open streams that something new waits in the database.

Rows are the truth, a ring is a nudge: it may be lost, doubled or late, and every watcher is right again after one
read. ``ring`` and ``whisper`` may be called from any thread, and from processes that hold no streams.
"""

from kefu.system.live.bell import end, ring, whisper
from kefu.system.live.sources import LiveEvent, register
from kefu.system.live.ticket import Watch, grant

__all__ = ["LiveEvent", "Watch", "end", "grant", "register", "ring", "whisper"]
