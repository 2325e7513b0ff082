"""Mailboxes: how they stand, connecting one with a test of each step, and the mails that wait for a person."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.channels.delivery import release, send_waiting
from kefu.channels.email.health import states
from kefu.channels.email.keep import TAKE_IN
from kefu.channels.email.models import Mailbox, PublicKey, SeenMail
from kefu.channels.email.probe import Step, probe
from kefu.channels.email.providers import hook_token
from kefu.channels.email.sign_in import again_at
from kefu.people.models import Team
from kefu.system import room
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue
from kefu.system.turn import write_turn
from kefu.topics.models import Topic
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.mailbox_advice import advice, step_name
from kefu.web.desk.mailbox_form import MailboxForm

SHOWN = 50
HELD = (SeenMail.Outcome.QUARANTINE, SeenMail.Outcome.ERROR)
TAKEN_BACK = timedelta(days=30)  # how long a mail that was put aside is shown here


@require_safe
@for_agents("settings.write")
def mailboxes(request: AgentRequest) -> HttpResponse:
    """All of them with today's equation, and the mails that nobody could settle."""
    return overview(request)


def overview(request: AgentRequest, *, pasted: str = "", problem: str = "", status: int = 200) -> HttpResponse:
    """The page, with what was pasted as a key and what is wrong with it."""
    names = dict(SeenMail.Outcome.choices)
    rows = [
        {
            "state": state,
            "trouble": trouble(state.trouble),
            "again_at": again_at(state.mailbox) if state.mailbox.send_failing_since else None,
            "outcomes": [(names[value], count) for value, count in state.equation.outcomes.items() if count],
        }
        for state in states()
    ]
    waiting = SeenMail.objects.filter(outcome__in=HELD).select_related("mailbox")
    aside = SeenMail.objects.filter(outcome=SeenMail.Outcome.ASIDE, settled_at__gte=now() - TAKEN_BACK).select_related("mailbox")
    keys = PublicKey.objects.exclude(state=PublicKey.State.RETIRED).order_by("-state", "address")  # those that wait come first
    context = {"rows": rows, "waiting": [(one, why_held(one.detail)) for one in waiting.order_by("-received")[:SHOWN]]}
    context |= {"storage_full": bool(room.lack())}
    context |= {"aside": list(aside.order_by("-settled_at")[:SHOWN]), "keys": list(keys[:SHOWN])}
    context |= {"pasted": pasted, "problem": problem, "encrypts": bool(pasted) or any(row["state"].mailbox.pgp_fingerprint for row in rows)}
    return render(request, "desk/mailboxes.html", shell(request) | context, status=status)


@require_http_methods(["GET", "POST"])
@for_agents("settings.write")
def mailbox(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """Connect one. ``try`` tests each step and saves nothing; what was typed stays, passwords excepted."""
    found = get_object_or_404(Mailbox, pk=pk) if pk else Mailbox()
    if request.method != "POST":
        return _page(request, found, MailboxForm(instance=found, initial=_initial(found)))
    form = MailboxForm(request.POST, instance=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    made = form.apply()
    if not made.pk:
        made.reads_since = now()  # what was there before is fetched only when somebody wants it
    if "try" in request.POST:
        steps = probe(made)
        if made.pk and all(step.good for step in steps):
            release()
        return _page(request, made, form, steps=steps)
    made.save()
    send_waiting(made)
    audit(str(request.agent), "mailbox.saved", f"mailbox:{made.pk}", address=made.address, active=made.active)
    return redirect("desk-mailboxes")


@require_POST
@for_agents("settings.write")
def replay(request: AgentRequest, pk: int) -> HttpResponse:
    """Read a mail once more from its raw copy."""
    seen = get_object_or_404(SeenMail, pk=pk, outcome__in=HELD)
    enqueue(TAKE_IN, seen_id=seen.pk, unique=f"mail:{seen.pk}")
    audit(str(request.agent), "mail.replayed", f"mail:{seen.uid.hex}")
    return redirect("desk-mailboxes")


@require_POST
@for_agents("settings.write")
def putting_aside(request: AgentRequest, pk: int) -> HttpResponse:
    """A person has looked: nothing is to be done about this mail. ``back`` takes that back."""
    back = "back" in request.POST
    seen = get_object_or_404(SeenMail, pk=pk, outcome__in=[SeenMail.Outcome.ASIDE] if back else HELD)
    with write_turn(), transaction.atomic():
        seen.settle(SeenMail.Outcome.QUARANTINE if back else SeenMail.Outcome.ASIDE, seen.detail)
        audit(str(request.agent), "mail.taken_back" if back else "mail.put_aside", f"mail:{seen.uid.hex}")
    return redirect("desk-mailboxes")


def why_held(detail: str) -> str:
    """Why a mail waits for a person, in words; what else was noted of it where none are known."""
    if "larger than a mail may be" in detail:
        return _("It is larger than a mail may be: no copy was kept.")
    if "raw copy" in detail:
        return _("Its copy cannot be opened: the secret key of this installation has changed, or the file is gone.")
    if "could not be read" in detail:
        return _("It is too broken to be read.")
    return _("It names no sender, so nobody could be answered.") if "no sender" in detail else detail


def _initial(found: Mailbox) -> dict[str, Any]:
    return {"aliases": ", ".join(found.aliases), "blocked": "\n".join(found.blocked), "team": found.team_id, "topic": found.topic_id}


def _page(request: AgentRequest, found: Mailbox, form: MailboxForm, *, steps: list[Step] | None = None, status: int = 200) -> HttpResponse:
    language = get_language() or "en"
    hook = settings.SITE_URL + reverse("mail-hook", args=[found.uid]) if found.pk else ""
    context = {
        "mailbox": found,
        "form": form,
        "steps": [(step, step_name(step), advice(step)) for step in steps or []],
        "tried": steps is not None,
        "all_good": bool(steps) and all(step.good for step in steps or []),
        "signatures": [
            (code, label, request.POST.get(f"signature-{code}", found.signatures.get(code, ""))) for code, label in settings.LANGUAGES
        ],
        "teams": [(team.pk, team.label(language)) for team in Team.objects.all()],
        "topics": [(t.pk, t.label(language)) for t in Topic.objects.filter(parent=None).prefetch_related("translations")],
        "hook": hook,
        "news": settings.SITE_URL + reverse("provider-hook", args=[found.uid, hook_token(found)]) if found.pk and found.provider else "",
        "hook_secret": found.secret("webhook_secret") if found.pk else "",
    }
    return render(request, "desk/mailbox.html", shell(request) | context, status=status)


def trouble(kind: str) -> str:
    """What is the matter with a mailbox, in words."""
    return {
        "error": _("It cannot be reached"),
        "consent": _("Connect it again"),
        "sending": _("It cannot send"),
        "silent": _("Nobody reads it: is the worker running?"),
        "late": _("Mails wait to be read"),
        "open": _("Mails wait for a person"),
    }.get(kind, "")
