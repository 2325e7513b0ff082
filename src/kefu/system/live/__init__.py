"""The doorbell: tells open streams that something new waits in the database."""

from kefu.system.live.bell import ring, whisper
from kefu.system.live.sources import LiveEvent, register
from kefu.system.live.ticket import Watch, grant

__all__ = ["LiveEvent", "Watch", "grant", "register", "ring", "whisper"]
