"""My tickets: everything of a signed-in customer, and a place to type a number."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation, Message
from kefu.people.permissions import agent_of
from kefu.people.sign_in import customer_of
from kefu.sla.answer_by import answers_by
from kefu.system import rate
from kefu.text import numbering
from kefu.text.markup import plain
from kefu.web.portal.words import channel, state_of

Status = Conversation.Status
OVER = (Status.SOLVED, Status.CLOSED)
TABS = ("open", "mine", "over")
MOST = 100
LATELY = 5


@require_http_methods(["GET", "POST"])
def tickets(request: HttpRequest) -> HttpResponse:
    """GET: the list, in three tabs. POST: open one by its number; a number that was typed into the search (``?number=``) opens
    one's own as well, and else waits in the box."""
    mine = _mine(request)
    number = request.POST.get("number", request.GET.get("number", "")).strip()[:40]
    error = ""
    if request.method == "GET" and number and (found := _of_mine(mine, number)):
        return redirect(status_address(found))
    if request.method == "POST":
        error = _number_error(request, number)
        found = _of_mine(mine, number)
        if not error and found:
            return redirect(status_address(found))
        error = error or _(
            "For your safety a number alone opens nothing. Open the link from the chat or the mail, or sign in with the same mailbox."
        )
    return render(request, "portal/tickets.html", _context(request, mine, number, error), status=422 if error else 200)


def _context(request: HttpRequest, mine: list[Conversation], number: str, error: str) -> dict[str, Any]:
    groups = {
        "open": [one for one in mine if one.status not in OVER],
        "mine": [one for one in mine if one.status == Status.PENDING],
        "over": [one for one in mine if one.status in OVER],
    }
    tab = request.GET.get("tab", "open")
    tab = tab if tab in TABS else "open"
    names = {"open": _("In progress"), "mine": _("Waiting for me"), "over": _("Solved")}
    last, due = _last_words(groups[tab]), answers_by(groups[tab])
    return {
        "has_any": bool(mine),
        "tabs": [(slug, names[slug], len(groups[slug])) for slug in TABS],
        "tab": tab,
        "rows": [(one, state_of(one), status_address(one), last.get(one.pk, ""), due.get(one.pk)) for one in groups[tab]],
        "solved": [_solved(one) for one in groups["over"][:LATELY]] if tab == "open" else [],
        "awaiting_reply": len(groups["mine"]),
        "number": number,
        "error": error,
    }


def _solved(one: Conversation) -> tuple[Conversation, str, str, float | None]:
    """A line of the table: with its address, its channel in words, and how many seconds it took."""
    took = (one.solved_at - one.created).total_seconds() if one.solved_at else None
    return one, status_address(one), channel(one.channel), took


def _last_words(rows: list[Conversation]) -> dict[int, str]:
    """The beginning of what was said last in each, in one query."""
    ids = {one.pk: one.last_seq for one in rows}
    spoken = Message.objects.filter(conversation__in=ids, kind__in=["customer", "agent", "bot"]).order_by("conversation", "seq")
    return {pk: plain(body)[:120] for pk, body in spoken.values_list("conversation_id", "body")}


def _mine(request: HttpRequest) -> list[Conversation]:
    if not request.user.is_authenticated or agent_of(request.user):
        return []
    rows = customer_of(request.user).conversations.select_related("rating").order_by("-last_message_at")
    return list(rows[:MOST])


def _of_mine(mine: list[Conversation], number: str) -> Conversation | None:
    wanted = numbering.read(number)
    return next((one for one in mine if wanted and one.number == wanted), None)


def _number_error(request: HttpRequest, number: str) -> str:
    if rate.exceeded("number", request.META.get("REMOTE_ADDR", ""), limit=10, seconds=60):
        return _("Too many attempts. Wait a minute.")
    if numbering.read(number) is None:
        return _("This is not a conversation number. It looks like BC-26-0001234-5; check for a mistyped digit.")
    return ""
