"""What became of each mail that went out of a conversation, and sending at once what waits."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.channels.delivery import hurry
from kefu.conversations.models import Delivery
from kefu.conversations.reply import DELIVER
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue
from kefu.text.markup import plain
from kefu.web.desk.delivery_words import said, why
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

SHOWN = 100
State = Delivery.State


@require_safe
@for_agents("desk.read")
def log(request: AgentRequest, uid: UUID) -> HttpResponse:
    """Every mail, the newest first: to whom, how often it was tried, what the server said, when it is tried again."""
    talk = visible(request.agent, uid)
    rows = Delivery.objects.filter(message__conversation=talk).select_related("message").order_by("-pk")[:SHOWN]
    lines = [(row, plain(row.message.body)[:120], *_state(row), why(row.error), said(row.error)) for row in rows]
    return render(request, "desk/deliveries.html", shell(request) | {"talk": talk, "lines": lines})


@require_POST
@for_agents("desk.answer")
def send_now(request: AgentRequest, uid: UUID, pk: int) -> HttpResponse:
    """Do not wait for the next try."""
    talk = visible(request.agent, uid)
    row = get_object_or_404(Delivery, pk=pk, message__conversation=talk)
    if Delivery.objects.filter(pk=pk, state=State.DUE).update(due_at=now()):
        hurry(row)
        enqueue(DELIVER, delivery_id=pk, unique=f"deliver:{row.key.hex}")
        audit(str(request.agent), "delivery.now", f"delivery:{pk}")
    return redirect("desk-deliveries", uid)


def _state(row: Delivery) -> tuple[str, str]:
    """The pill's kind and its words."""
    return {
        State.DUE: ("warn", _("Waits for the next try") if row.attempts or row.error else _("Goes out now")),
        State.SENDING: ("warn", _("Is being sent")),
        State.SENT: ("ok", _("Taken by the mail server")),
        State.DELIVERED: ("ok", _("Delivered")),
        State.READ: ("ok", _("Read")),
        State.FAILED: ("bad", _("Did not arrive")),
        State.HELD: ("hollow", _("Not sent, on purpose")),
    }[State(row.state)]
