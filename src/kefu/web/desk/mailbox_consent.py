"""A mailbox at Google or Microsoft: no password, but a right that somebody gives there and may take back (OAuth 2.0)."""

import hmac
import secrets
import time
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.channels.delivery import send_waiting
from kefu.channels.email.models import Grant, Mailbox, Security
from kefu.channels.email.oauth import SERVICES, Later, Lost, agree_url, exchange, new_verifier, renew, revoke
from kefu.channels.email.probe import Step, probe
from kefu.channels.email.tokens import keep_tokens
from kefu.system.audit.log import write as audit
from kefu.web.desk.consent_form import ConsentForm, refusal
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.mailbox_advice import advice, step_name

BEGUN = "mailbox-consents"  # in the session: state → what belongs to it
STEPS = "mailbox-steps"
MINUTES = 15
MOST = 5  # sign-ins that one session may have begun and not ended
ELSEWHERE = csp_update({"form-action": ["https://accounts.google.com", "https://login.microsoftonline.com"]})  # type: ignore[no-untyped-call]


@require_http_methods(["GET", "POST"])
@ELSEWHERE
@for_agents("settings.write")
def consent(request: AgentRequest, pk: int = 0) -> HttpResponse:
    """Enter the app's registration and go on to the provider; ``try`` tests each step of what is connected already."""
    mailbox = get_object_or_404(Mailbox, pk=pk) if pk else Mailbox(active=False)
    grant = getattr(mailbox, "grant", None) if pk else None
    if request.method != "POST":
        provider = request.GET.get("provider", grant.provider if grant else Grant.Provider.GOOGLE)
        form = ConsentForm(mailbox=mailbox, grant=grant, provider=provider if provider in SERVICES else Grant.Provider.GOOGLE)
        steps = [Step(*one) for one in request.session.pop(STEPS, [])]
        return _page(request, mailbox, form, steps=steps, problem=request.GET.get("problem", ""))
    if "try" in request.POST and grant is not None:
        request.session[STEPS] = _tried(mailbox)
        return redirect("desk-mailbox-consent", mailbox.pk)
    form = ConsentForm(request.POST, mailbox=mailbox, grant=grant, provider=request.POST.get("provider", ""))
    if not form.is_valid():
        return _page(request, mailbox, form, status=422)
    grant = form.apply().as_asked()
    audit(str(request.agent), "mailbox.consent_asked", f"mailbox:{grant.mailbox_id}", provider=grant.provider, flow=grant.flow)
    if grant.flow == Grant.Flow.APPLICATION:
        return _as_application(request, grant)
    state, verifier = secrets.token_urlsafe(32), new_verifier()
    begun = _begun(request)
    begun[state] = {"grant": grant.pk, "verifier": verifier, "at": int(time.time()), "agent": request.agent.pk}
    request.session[BEGUN] = dict(list(begun.items())[-MOST:])
    return HttpResponseRedirect(agree_url(grant, redirect=redirect_address(), state=state, verifier=verifier))


@require_safe
@for_agents("settings.write")
def back(request: AgentRequest) -> HttpResponse:
    """Back from the provider. Only the session that left, the person who left, once, and soon."""
    begun = _begun(request)
    given = request.GET.get("state", "")
    found = next((begun.pop(one) for one in list(begun) if hmac.compare_digest(one.encode(), given.encode())), None)
    request.session[BEGUN] = begun
    if found is None or found["agent"] != request.agent.pk:
        return redirect(reverse("desk-mailbox-consent-new") + "?problem=state")
    grant = get_object_or_404(Grant.objects.select_related("mailbox"), pk=found["grant"]).as_asked()
    issuer, ours = request.GET.get("iss", ""), SERVICES[grant.provider].issuer
    if issuer and ours and issuer != ours:
        return _failed(request, grant, "issuer")
    if "error" in request.GET or not request.GET.get("code"):
        return _failed(request, grant, f"{request.GET.get('error', 'no code')} {request.GET.get('error_description', '')}")
    try:
        got = exchange(grant, code=request.GET["code"], redirect=redirect_address(), verifier=found["verifier"])
    except (Lost, Later) as error:
        return _failed(request, grant, str(error))
    keep_tokens(grant, got, by=str(request.agent))
    return _connected(request, grant)


@require_POST
@for_agents("settings.write")
def forget(request: AgentRequest, pk: int) -> HttpResponse:
    """Give the right back and forget it. The mailbox stays, and waits for a password or another right."""
    mailbox = get_object_or_404(Mailbox.objects.select_related("grant"), pk=pk)
    if (grant := getattr(mailbox, "grant", None)) is not None:
        told = revoke(grant)
        grant.delete()
        audit(str(request.agent), "mailbox.consent_given_back", f"mailbox:{pk}", provider=grant.provider, told=told)
    return redirect("desk-mailbox", pk)


def redirect_address() -> str:
    """Where the provider sends people back to; it must be registered there, letter by letter."""
    return settings.SITE_URL + reverse("desk-mailbox-consent-back")


def _begun(request: HttpRequest) -> dict[str, Any]:
    oldest = time.time() - MINUTES * 60
    return {state: one for state, one in request.session.get(BEGUN, {}).items() if one["at"] > oldest}


def _as_application(request: AgentRequest, grant: Grant) -> HttpResponse:
    try:
        keep_tokens(grant, renew(grant), by=str(request.agent))
    except (Lost, Later) as error:
        return _failed(request, grant, str(error))
    return _connected(request, grant)


def _connected(request: AgentRequest, grant: Grant) -> HttpResponse:
    """The right is there: passwords that were kept are of no use any more, and what waited for it goes on."""
    mailbox, service = grant.mailbox, SERVICES[grant.provider]
    changed: dict[str, Any] = {"imap_password_sealed": b"", "smtp_password_sealed": b"", "active": True, "error": "", "failing_since": None}
    changed |= {"send_error": "", "send_failing_since": None, "imap_user": mailbox.address, "smtp_user": mailbox.address}
    changed |= {"imap_host": service.imap[0], "imap_port": service.imap[1], "imap_security": Security.TLS}
    changed |= {"smtp_host": service.smtp[0], "smtp_port": service.smtp[1], "smtp_security": Security.STARTTLS}
    Mailbox.objects.filter(pk=mailbox.pk).update(**changed)
    audit(str(request.agent), "mailbox.consent", f"mailbox:{mailbox.pk}", provider=grant.provider, flow=grant.flow)
    send_waiting(Mailbox.objects.get(pk=mailbox.pk))
    request.session[STEPS] = _tried(mailbox)
    return redirect("desk-mailbox-consent", mailbox.pk)


def _failed(request: AgentRequest, grant: Grant, words: str) -> HttpResponse:
    words = " ".join(words.split())[:300]
    audit(str(request.agent), "mailbox.consent_refused", f"mailbox:{grant.mailbox_id}", provider=grant.provider, reason=words[:120])
    request.session[STEPS] = [["token", "consent", False, words]]
    return redirect("desk-mailbox-consent", grant.mailbox_id)


def _tried(mailbox: Mailbox) -> list[list[Any]]:
    fresh = Mailbox.objects.select_related("grant").get(pk=mailbox.pk)
    return [[step.way, step.name, step.good, step.words] for step in probe(fresh)]


def _page(
    request: AgentRequest, mailbox: Mailbox, form: ConsentForm, *, steps: list[Step] | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    service = SERVICES[form.provider]
    context = {
        "mailbox": mailbox,
        "grant": form.grant,
        "form": form,
        "provider": form.provider,
        "provider_name": dict(Grant.Provider.choices)[form.provider],
        "providers": Grant.Provider.choices,
        "redirect_uri": redirect_address(),
        "scopes": service.scopes,
        "steps": [(step, step_name(step), advice(step)) for step in steps or []],
        "all_good": bool(steps) and all(step.good for step in steps or []),
        "problem": refusal(problem),
        "secure": settings.SITE_URL.startswith("https://") or settings.SITE_URL.startswith("http://localhost"),
    }
    return render(request, "desk/mailbox_consent.html", shell(request) | context, status=status)
