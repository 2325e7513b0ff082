"""/desk/audit/: what staff did and who signed in how, newest first, for administrators and auditors."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.people.models import Agent, SignIn
from kefu.system.audit.models import AuditEntry
from kefu.web.desk import audit_words
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.keyset import after, position

PAGE = 100
OFFERED = 200  # names
ORDER = ("-pk",)
SIGN_INS = ("-at", "-pk")


@require_safe
@for_agents("audit.read")
def audit(request: AgentRequest) -> HttpResponse:
    """Acts of staff; whether the chain holds is told by ``kefu doctor``, which reads all of it.

    ``act``: one of them; ``who``: a part of a name or badge; ``q``: words of an act, or what it was done to.
    """
    query, act, who = (request.GET.get(name, "").strip()[:80] for name in ("q", "act", "who"))
    rows = AuditEntry.objects.all()
    if act:
        rows = rows.filter(act=act)
    if who:
        rows = rows.filter(Q(who__icontains=who) | Q(who__in=_others(who)))
    if query:
        rows = rows.filter(Q(act__in=audit_words.meant(query)) | Q(act__icontains=query) | Q(subject__icontains=query))
    page = list(after(rows, ORDER, request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "rows": [_row(one) for one in page[:PAGE]],
        "act": act,
        "acts": audit_words.choices(),
        "who": who,
        "people": _people(),
        "older": position(page[PAGE - 1], ORDER) if len(page) > PAGE else "",
        "query": query,
        "tab": "acts",
    }
    return render(request, "desk/audit.html", shell(request) | context)


@require_safe
@for_agents("audit.read")
def sign_ins(request: AgentRequest) -> HttpResponse:
    """Sign-ins of everybody; ``q``: an address of an account or of the network; ``kind``: one kind."""
    query, kind = request.GET.get("q", "").strip()[:80], request.GET.get("kind", "")
    rows = SignIn.objects.select_related("user", "user__agent")
    if kind in SignIn.Kind.values:
        rows = rows.filter(kind=kind)
    if query:
        rows = rows.filter(Q(user__email__icontains=query) | Q(ip__startswith=query))
    page = list(after(rows, SIGN_INS, request.GET.get("after", ""))[: PAGE + 1])
    context = {
        "lines": [{"one": one, "who": _who(one)} for one in page[:PAGE]],
        "older": position(page[PAGE - 1], SIGN_INS) if len(page) > PAGE else "",
        "query": query,
        "kind": kind,
        "kinds": SignIn.Kind.choices,
        "tab": "sign-ins",
    }
    return render(request, "desk/audit.html", shell(request) | context)


def _who(line: SignIn) -> str:
    if line.user is None:
        return _("No such account")
    agent = getattr(line.user, "agent", None)
    return f"{agent.label(get_language() or 'en')} · {agent.badge}" if agent else line.user.email


def _row(entry: AuditEntry) -> dict[str, Any]:
    kind, which = audit_words.subject(entry.subject)
    words = {"act": audit_words.act(entry.act), "who": audit_words.who(entry.who), "kind": kind, "which": which}
    return words | {"one": entry, "detail": audit_words.detail(entry.act, entry.detail)}


def _others(text: str) -> list[str]:
    """Those who are no colleagues and whose words hold ``text``."""
    return [name for name, words in audit_words.OTHERS.items() if text.casefold() in str(words).casefold()]


def _people() -> list[str]:
    """Whom the field of names offers: a small house all of its own, a large one those who came last."""
    found = Agent.objects.order_by("-active", "-pk")[:OFFERED]
    return [str(one) for one in found] + [str(words) for words in audit_words.OTHERS.values()]
