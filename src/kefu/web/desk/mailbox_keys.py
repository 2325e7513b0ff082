"""PGP keys: the mailbox's own, and which of the customers' keys our answers are written to."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.channels.email.keys import choose, enter
from kefu.channels.email.models import Mailbox, PublicKey
from kefu.system.audit.log import write as audit
from kefu.text.mail import pgp
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.mailboxes import overview


@require_POST
@for_agents("settings.write")
def make(request: AgentRequest, pk: int) -> HttpResponse:
    """A key of its own for a mailbox that has none."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    if not mailbox.pgp_fingerprint:
        private = pgp.generate(mailbox.name or mailbox.address, mailbox.address)
        mailbox.keep_secret("pgp_key", private)
        mailbox.pgp_fingerprint = pgp.fingerprint(private)
        mailbox.save(update_fields=["pgp_key_sealed", "pgp_fingerprint"])
        audit(str(request.agent), "mailbox.key_made", f"mailbox:{mailbox.pk}", fingerprint=mailbox.pgp_fingerprint)
    return redirect("desk-mailbox", pk)


@require_POST
@for_agents("settings.write")
def remove(request: AgentRequest, pk: int) -> HttpResponse:
    """Forget a mailbox's key: what was encrypted for it stays closed from now on."""
    mailbox = get_object_or_404(Mailbox, pk=pk)
    audit(str(request.agent), "mailbox.key_removed", f"mailbox:{mailbox.pk}", fingerprint=mailbox.pgp_fingerprint)
    mailbox.keep_secret("pgp_key", "")
    mailbox.pgp_fingerprint = ""
    mailbox.save(update_fields=["pgp_key_sealed", "pgp_fingerprint"])
    return redirect("desk-mailbox", pk)


@require_POST
@for_agents("settings.write")
def enter_key(request: AgentRequest) -> HttpResponse:
    """A customer's public key, pasted: used from now on for the addresses that it names."""
    pasted = request.POST.get("key", "")[:100_000]
    try:
        found = enter(pasted)
    except pgp.BadKey:
        problem = _("There is no public key with a mail address in this text. It begins with -----BEGIN PGP PUBLIC KEY BLOCK-----.")
        return overview(request, pasted=pasted, problem=problem, status=422)
    for key in found:
        audit(str(request.agent), "customer.key", f"key:{key.fingerprint}", address=key.address, state="used", source="hand")
    return redirect("desk-mailboxes")


@require_POST
@for_agents("settings.write")
def customer_key(request: AgentRequest, pk: int) -> HttpResponse:
    """Use a customer's key from now on (instead of the one before), or use it no longer."""
    key = get_object_or_404(PublicKey, pk=pk)
    state = request.POST.get("state")
    if state in {PublicKey.State.USED, PublicKey.State.RETIRED}:
        choose(key, PublicKey.State(state))
        audit(str(request.agent), "customer.key", f"key:{key.fingerprint}", address=key.address, state=str(state))
    return redirect("desk-mailboxes")
