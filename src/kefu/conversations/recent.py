"""What was stored in this process just now, kept in memory for those who watch.

Nearly every message is shown to its watchers within a moment of being stored: then nobody needs to ask the database for
it. Whoever finds nothing here asks the database; so it may forget at any time.
"""

import threading
import time
from collections import OrderedDict, deque
from uuid import UUID

from kefu.conversations.models import Message

SECONDS = 5.0  # a message that was changed or hidden since must not be shown for long as it was
CONVERSATIONS, EACH = 500, 8

_kept: "OrderedDict[UUID, deque[tuple[float, Message]]]" = OrderedDict()
_turn = threading.Lock()


def keep(uid: UUID, message: Message) -> None:
    """Remember an entry of the conversation ``uid``. Call it after the commit, in the order of their numbers."""
    with _turn:
        entries = _kept.setdefault(uid, deque(maxlen=EACH))
        entries.append((time.monotonic(), message))
        _kept.move_to_end(uid)
        if len(_kept) > CONVERSATIONS:
            _kept.popitem(last=False)


def after(uid: UUID, seq: int) -> list[Message]:
    """The entries that follow number ``seq``, without a gap, as far as they are known; empty where the next one is not."""
    oldest = time.monotonic() - SECONDS
    with _turn:
        known = {message.seq: message for at, message in _kept.get(uid, ()) if at >= oldest}
    found: list[Message] = []
    while message := known.get(seq + len(found) + 1):
        found.append(message)
    return found
