"""Mail out over the API of a provider, and what it tells us later: delivered, bounced, refused."""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from kefu.channels.email.bounced import note_failure
from kefu.channels.email.models import Mailbox
from kefu.channels.email.signed import SignedMail
from kefu.conversations.models import Delivery
from kefu.system.turn import write_turn

NOT_LATER = {400, 406, 413, 422}  # the provider understood, and will not take this mail; a wrong key can be mended in time


class Refused(Exception):
    """The provider did not take a mail; ``for_good`` where trying again is of no use."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.for_good = for_good


@dataclass(frozen=True)
class Way:
    """How a provider is spoken to: the name of its key, its address, and a question that only a good key gets answered."""

    key: str
    url: str
    question: str
    header: str

    def headers(self, key: str) -> dict[str, str]:
        """The header that carries the key when the question is asked."""
        name, _, value = self.header.partition(": ")
        shown = base64.b64encode(f"api:{key}".encode()).decode() if value.startswith("Basic") else key
        return {name: value.format(key=shown), "Accept": "application/json"}


WAYS = {
    "mailgun": Way("api_key", "https://api.mailgun.net/v3/", "domains/{domain}", "Authorization: Basic {key}"),
    "postmark": Way("server_token", "https://api.postmarkapp.com/", "server", "X-Postmark-Server-Token: {key}"),
    "brevo": Way("api_key", "https://api.brevo.com/v3/", "account", "api-key: {key}"),
    "resend": Way("api_key", "https://api.resend.com/", "domains", "Authorization: Bearer {key}"),
}


def address_of(mailbox: Mailbox) -> str:
    """Where the provider's API is: its own address, or another one of it, such as Mailgun's in Europe."""
    return (mailbox.provider_url or WAYS[mailbox.provider].url).rstrip("/") + "/"


def needs_smtp(mail: SignedMail, mailbox: Mailbox) -> bool:
    """An encrypted mail is sealed byte by byte, and an API takes texts and files: it goes by SMTP, if the mailbox has that.

    A signature alone is left off then: the answer matters more. Raises Refused where an encrypted mail has no way.
    """
    if not mail.pgp:
        return False
    if mailbox.smtp_host:
        return True
    if mail.pgp[1]:
        raise Refused("encrypted mail cannot go over this provider: give the mailbox an SMTP server too", for_good=True)
    mail.pgp = None
    return False


def send(mail: SignedMail, mailbox: Mailbox, *, key: str) -> None:
    """Hand a mail over. ``key`` comes back with what the provider tells later. Raises Refused."""
    from anymail.exceptions import AnymailError, AnymailRecipientsRefused
    from django.core.exceptions import ImproperlyConfigured

    way = WAYS[mailbox.provider]
    backend = import_module(f"anymail.backends.{mailbox.provider}").EmailBackend
    mail.metadata = {"delivery": key}
    if mailbox.provider == "postmark":
        mail.extra_headers["X-PM-KeepID"] = "true"  # else it gives the mail a Message-ID of its own
    try:
        mail.connection = backend(**{way.key: mailbox.secret("provider_key"), "api_url": address_of(mailbox), "timeout": 20})
        mail.send()
    except AnymailRecipientsRefused as error:
        raise Refused("the provider refuses this address", for_good=True) from error
    except AnymailError as error:
        status = getattr(error, "status_code", None)
        raise Refused(_said(error, status), for_good=status in NOT_LATER or isinstance(error, ValueError)) from error
    except ImproperlyConfigured as error:
        raise Refused("the provider's key is missing", for_good=False) from error
    told = {str(one) for one in (mail.anymail_status.status or ())}  # type: ignore[attr-defined]
    if not told & {"sent", "queued", "unknown"}:
        raise Refused(f"the provider says: {', '.join(sorted(told)) or 'nothing'}", for_good=bool(told))


def id_of(mail: SignedMail) -> str:
    """The provider's own name for a mail that it took; "" where none did."""
    status = getattr(mail, "anymail_status", None)
    return str(status.message_id or "")[:200] if status else ""


def _said(error: Exception, status: int | None) -> str:
    answer = getattr(error, "response", None)
    words = " ".join(str(answer.text).split())[:160] if answer is not None else type(error).__name__
    return f"{status or ''} {words}".strip()


def hook_token(mailbox: Mailbox) -> str:
    """What makes the address for a provider's news unguessable."""
    return hmac.new(settings.SECRET_KEY.encode(), b"kefu.provider" + mailbox.uid.bytes, sha256).hexdigest()[:32]


def note_news(mailbox: Mailbox, request: HttpRequest) -> int:
    """Write down what a provider tells of our mails; returns how many it was about. Raises ValueError for what is no news."""
    told = [one for one in news(mailbox, request) if one.what]
    found = 0
    for one in told:
        with write_turn(), transaction.atomic():
            delivery = _delivery(one)
            if delivery is None:
                continue
            found += 1
            if one.what == "failed":
                note_failure(delivery, one.words)
            elif delivery.state == Delivery.State.SENT:
                delivery.state = Delivery.State.DELIVERED
                delivery.save(update_fields=["state"])
    return found


def _delivery(one: "News") -> Delivery | None:
    rows = Delivery.objects.select_related("message")
    try:
        return rows.get(key=UUID(hex=one.key)) if one.key else rows.get(provider_id=one.provider_id, channel="email")
    except (ValueError, Delivery.DoesNotExist, Delivery.MultipleObjectsReturned):
        return None


@dataclass(frozen=True)
class News:
    """What a provider says of one mail: ``what`` is "delivered", "failed", or "" for all that does not matter here."""

    what: str
    key: str
    provider_id: str
    words: str


def news(mailbox: Mailbox, request: HttpRequest) -> list[News]:
    """What stands in a provider's request. Raises ValueError for what is none."""
    name = mailbox.provider
    view = getattr(import_module(f"anymail.webhooks.{name}"), f"{name.capitalize()}TrackingWebhookView")
    reader: Any = view.__new__(view)  # only its understanding of the format is wanted: who asks was checked by the token
    try:
        events = reader.parse_events(request)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError("no news") from error
    return [_news(event) for event in events]


def _news(event: Any) -> News:
    what = {"delivered": "delivered", "bounced": "failed", "rejected": "failed", "failed": "failed"}.get(str(event.event_type), "")
    words = " ".join(str(one) for one in (event.reject_reason, event.description or event.mta_response) if one)
    return News(what, str((event.metadata or {}).get("delivery", "")), str(event.message_id or ""), words)
