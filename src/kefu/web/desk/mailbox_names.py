"""What stands in DNS for a mailbox, looked up when the page is opened."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kefu.channels.email import resolver
from kefu.channels.email.models import Mailbox
from kefu.channels.email.name_records import look_at
from kefu.channels.email.name_words import subject, words
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell


@require_safe
@for_agents("settings.write")
def names(request: AgentRequest, pk: int) -> HttpResponse:
    """Each record with its state, and what to put into DNS."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    rows = [(row, subject(row), words(row)) for row in look_at(mailbox, resolver.resolve)]
    return render(request, "desk/mailbox_names.html", shell(request) | {"mailbox": mailbox, "rows": rows})
