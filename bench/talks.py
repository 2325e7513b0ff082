"""Live talks between customers and an agent, made in the database of a running server, with tickets to watch them."""

import json
from dataclasses import dataclass
from urllib.parse import quote

MAKE = """
import json
from uuid import uuid4
from django.utils.timezone import now
from kefu.channels.webchat.adapter import Sender, parse
from kefu.conversations.models import Conversation, locked
from kefu.conversations.receive import receive
from kefu.people.models import Agent
from kefu.people.staff import create_agent
from kefu.system.live import Watch, grant
from kefu.web.visitor import make_token
agent = Agent.objects.first() or create_agent("bench@example.com", "a long password 1", name="Bench", role="agent", badge="", languages=[])
made = []
for n in range({count}):
    sender = Sender("browser", uuid4().hex)
    talk = receive(parse(sender, text="hello", key=uuid4().hex, language="en")).conversation
    with locked(talk) as c:
        c.go_live_with(agent, now())
        c.save()
    tickets = [grant([Watch(c.channel_name, v + ":en", c.last_seq)], who="bench") for v in ("customer", "agent")]
    made.append([c.uid.hex, make_token(sender), c.last_seq, *tickets])
print(json.dumps(made))
"""


@dataclass(frozen=True)
class Talk:
    """``customer`` and ``agent`` are the addresses of the two sides' streams."""

    uid: str
    token: str
    seq: int
    customer: str
    agent: str

    def say(self, text: str, key: str) -> bytes:
        """The body of the customer's POST."""
        return f"v={quote(self.token)}&talk={self.uid}&key={key}&text={quote(text)}".encode()


SAY = "/en/chat/messages/"


def make(server, count: int) -> list[Talk]:
    """``count`` talks that are live with an agent; the tickets are good for a minute."""
    rows = json.loads(server.manage(MAKE.replace("{count}", str(count))).splitlines()[-1])
    return [Talk(uid, token, seq, *(f"/live/stream?ticket={t}" for t in tickets)) for uid, token, seq, *tickets in rows]
