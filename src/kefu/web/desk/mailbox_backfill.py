"""Older mail of a mailbox: from which day on it is fetched, how far that is, stopping and going on."""

from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kefu.channels.email.backfill import Refused, go_on, start, stop
from kefu.channels.email.models import Backfill, Mailbox
from kefu.channels.email.sign_in import again_at
from kefu.system.audit.log import write as audit
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell


@require_http_methods(["GET", "POST"])
@for_agents("settings.write")
def backfill(request: AgentRequest, pk: int) -> HttpResponse:
    """How far the last one is; the figures alone when the page asks again. A day that is posted begins one."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    problem, given = "", request.POST.get("since", "")[:20]
    if request.method == "POST":
        if "go_on" in request.POST:
            run = get_object_or_404(Backfill, mailbox=mailbox, pk=int(request.POST["go_on"] if request.POST["go_on"].isdigit() else 0))
            problem = "" if go_on(run) else _refusal("running")
        else:
            try:
                day = date.fromisoformat(given)
                start(mailbox, datetime(day.year, day.month, day.day, tzinfo=UTC), by=str(request.agent))
            except Refused as error:
                problem = _refusal(str(error))
            except ValueError:
                problem = _("Choose a day.")
        if not problem:
            return redirect("desk-mailbox-older", pk)
    run = mailbox.backfills.order_by("-pk").first()
    context = {"mailbox": mailbox, "run": run, "problem": problem, "given": given}
    context["again_at"] = again_at(mailbox, "imap") if run and run.error else None
    if request.headers.get("HX-Target") == "older":
        return render(request, "desk/mailbox_older_progress.html", context)
    return render(request, "desk/mailbox_older.html", shell(request) | context, status=422 if problem else 200)


@require_POST
@for_agents("settings.write")
def stopping(request: AgentRequest, pk: int) -> HttpResponse:
    """Leave the rest on the server."""
    if run := Backfill.objects.filter(mailbox_id=pk, state=Backfill.State.RUNNING).first():
        stop(run)
        audit(str(request.agent), "mailbox.backfill_stopped", f"mailbox:{pk}", fetched=run.fetched)
    return redirect("desk-mailbox-older", pk)


def _refusal(why: str) -> str:
    return {
        "imap": _("This mailbox is not read over IMAP: there is nothing to fetch from."),
        "late": _("The day is not before the mailbox was connected: what came since is read anyway."),
        "running": _("It is being fetched already."),
    }[why]
