"""A conversation's status page, for whoever holds its signed link or is its customer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kefu.conversations.links import holds, status_address
from kefu.conversations.models import Conversation
from kefu.conversations.transcript import transcript
from kefu.people.permissions import agent_of
from kefu.people.sign_in import customer_of
from kefu.system import rate
from kefu.text import numbering
from kefu.web.ui.messages import message_html

Status = Conversation.Status


def state_in_words(status: str) -> tuple[str, str]:
    """What a customer calls a status, and whose turn it is."""
    if status in {Status.NEW, Status.OPEN, Status.ON_HOLD}:
        return _("In progress"), _("It is our turn.")
    if status == Status.PENDING:
        return _("Waiting for you"), _("We have answered; it is your turn.")
    if status == Status.SOLVED:
        return _("Solved"), _("Write again in the chat if it is not.")
    return _("Closed"), _("A new message begins a new conversation.")


@require_safe
def conversation(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """The status and what was said. A wrong, foreign or expired link gets the same answer as an unknown number."""
    found = Conversation.objects.filter(number=numbering.read(number)).select_related("assignee").first()
    if found is None or not holds(found, token):
        return render(request, "portal/expired.html", {"number": number}, status=404)
    language = get_language() or "en"
    state, turn = state_in_words(found.status)
    lines = [(line, message_html(line.body)) for line in transcript(found, language=language).lines]
    context = {"conversation": found, "state": state, "turn": turn, "lines": lines}
    return render(request, "portal/conversation.html", context)


@require_http_methods(["GET", "POST"])
def conversations(request: HttpRequest) -> HttpResponse:
    """My conversations (signed in), and a place to type a number."""
    mine = list(_mine(request))
    number = request.POST.get("number", "").strip()
    error = ""
    if request.method == "POST":
        error = _number_error(request, number)
        wanted = numbering.read(number)
        found = next((one for one in mine if one.number == wanted), None)
        if not error and found:
            return redirect(status_address(found))
        error = error or _(
            "For your safety a number alone opens nothing. Open the link from the chat or the mail, or sign in with the same mailbox."
        )
    shown = [(one, *state_in_words(one.status), status_address(one)) for one in mine]
    context = {"shown": shown, "number": number, "error": error}
    return render(request, "portal/conversations.html", context, status=422 if error else 200)


def _mine(request: HttpRequest) -> "list[Conversation]":
    if not request.user.is_authenticated or agent_of(request.user):
        return []
    return list(customer_of(request.user).conversations.order_by("-last_message_at")[:100])


def _number_error(request: HttpRequest, number: str) -> str:
    if rate.exceeded("number", request.META.get("REMOTE_ADDR", ""), limit=10, seconds=60):
        return _("Too many attempts. Wait a minute.")
    if numbering.read(number) is None:
        return _("This is not a conversation number. It looks like BC-26-0001234-5; check for a mistyped digit.")
    return ""
