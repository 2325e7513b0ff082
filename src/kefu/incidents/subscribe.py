"""“Tell me when it is over”: in a conversation, or at a mailbox that was proven; told once, and never after one said no."""

from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.errors import Conflict
from kefu.conversations.models import Conversation, locked
from kefu.conversations.reply import say
from kefu.incidents.models import Incident, Subscription
from kefu.system.jobs.queue import enqueue

TELL = "incidents.subscribe.tell_some"
MAIL = "channels.email.incident_over.send_over"
SALT = "kefu.incident"
AT_ONCE = 50


def subscribe(incident: Incident, conversation: Conversation) -> Subscription:
    """Tell this conversation when the incident is over. Whoever said no before has changed their mind. Raises Conflict when it is over
    already."""
    return _keep(incident, language=conversation.language, conversation=conversation)


def subscribe_mailbox(incident: Incident, address: str, *, language: str) -> Subscription:
    """The same by mail, to a mailbox whose owner has just proven to read it. Raises Conflict when it is over already."""
    return _keep(incident, language=language, address=address.lower())


def _keep(incident: Incident, *, language: str, **who: Any) -> Subscription:
    with transaction.atomic():
        found = Incident.objects.select_for_update().get(pk=incident.pk)  # it may end at this very moment
        if not found.is_open:
            raise Conflict(found.state)
        made, _new = Subscription.objects.update_or_create(incident=found, **who, defaults={"language": language, "ended_at": None})
    return made


def unsubscribe(subscription: Subscription) -> None:
    """Do not tell them after all."""
    Subscription.objects.filter(pk=subscription.pk, ended_at=None).update(ended_at=now())


def subscription_of(conversation: Conversation) -> Subscription | None:
    """What this conversation waits to be told; None for nothing."""
    rows = Subscription.objects.filter(conversation=conversation, told_at=None, ended_at=None).exclude(
        incident__state=Incident.State.SOLVED
    )
    return rows.select_related("incident").order_by("-pk").first()


def link_of(subscription: Subscription) -> str:
    """What an address of ours names this subscription by; nobody can guess another one."""
    return signing.Signer(salt=SALT).sign(str(subscription.pk)).replace(":", "-", 1)


def by_link(text: str) -> Subscription | None:
    try:
        pk = signing.Signer(salt=SALT).unsign(text.replace("-", ":", 1))
    except signing.BadSignature:
        return None
    return Subscription.objects.select_related("incident").filter(pk=pk).first()


def begin_telling(incident: Incident) -> None:
    """It is over: tell everybody who asked, by jobs. In the caller's transaction."""
    enqueue(TELL, incident_id=incident.pk, unique=f"incident-over:{incident.pk}")


def tell_some(incident_id: int) -> int:
    """Job: the next ones, then itself again until nobody is left; returns how many were told. Mails go out by jobs of their own."""
    incident, at = Incident.objects.get(pk=incident_id), now()
    rows = Subscription.objects.filter(incident=incident, told_at=None, ended_at=None).select_related("conversation")
    part = list(rows.order_by("pk")[:AT_ONCE])
    for one in part:
        if one.conversation_id:
            _tell_here(incident, one.conversation_id, one.language)
        else:
            enqueue(MAIL, subscription_id=one.pk, unique=f"incident-mail:{one.pk}")
        one.told_at = at
    Subscription.objects.bulk_update(part, ["told_at"])
    if len(part) == AT_ONCE:
        begin_telling(incident)
    return len(part)


def _tell_here(incident: Incident, pk: int, language: str) -> None:
    while merged := Conversation.objects.values_list("merged_into", flat=True).get(pk=pk):
        pk = merged
    with locked(pk) as c:
        if c.bin:
            return
        with override(language):
            text = over(incident, language) + "\n\n" + _("If it still does not work for you, write here.")
            say(c, text, data={"incident_over": incident.slug})
        c.save()


def over(incident: Incident, language: str) -> str:
    """That it is over, in the words that were published last. In the active language, which is ``language``."""
    last = incident.updates.filter(state=Incident.State.SOLVED).first()
    values = {"title": incident.title(language), "text": last.text(language) if last else ""}
    return (_("It is over: **%(title)s**. %(text)s") % values).strip()
