"""Which mailbox speaks."""

from collections.abc import Sequence

from kefu.channels.email.models import Mailbox, SeenMail
from kefu.conversations.models import Conversation
from kefu.people.models import Identity
from kefu.system.prepared import Fetch, Values

_last: Fetch[Mailbox] = Fetch(
    lambda talk: Mailbox.objects.filter(seen__conversation=talk, seen__message__isnull=False, active=True).order_by("-seen__received")[:1],
    SeenMail._meta.get_field("conversation"),
)
_addresses = Values(lambda: Mailbox.objects.order_by().values_list("address", "aliases"))
_active: Fetch[Mailbox] = Fetch(lambda: Mailbox.objects.filter(active=True).order_by("pk"))


def mailbox_of(conversation: Conversation) -> Mailbox | None:
    """The mailbox that a conversation came over; else its team's, its language's, or the first; None without any.

    One that got the same mail too is not meant: what made no message does not count.
    """
    active = _active.all()
    if not active:
        return None
    return _last.first(conversation.pk) or _fitting(active, conversation.language, conversation.team_id)


def known_to(address: str, language: str) -> Mailbox | None:
    """The mailbox that ``address`` (in lower case) knows: that it wrote to last, or whose answers it gets; else its language's, or
    the first; None without any."""
    active = _active.all()
    if not active:
        return None
    if last := SeenMail.objects.filter(sender=address, message__isnull=False, mailbox__active=True).order_by("-received").first():
        return last.mailbox
    owners = Identity.objects.filter(kind=Identity.Kind.EMAIL, address=address).values("customer")
    if talk := Conversation.objects.filter(customer__in=owners).order_by("-created").first():
        return mailbox_of(talk)
    return _fitting(active, language)


def signature_of(mailbox: Mailbox | None, language: str) -> str:
    """What stands below a mail from ``mailbox``."""
    if mailbox is None:
        return ""
    return str(mailbox.signatures.get(language) or mailbox.signatures.get("en") or "")


def _fitting(active: Sequence[Mailbox], language: str, team_id: int | None = None) -> Mailbox | None:
    for fits in (
        lambda one: team_id and one.team_id == team_id,
        lambda one: one.language == language and not one.team_id,
        lambda one: not one.team_id,
    ):
        if found := next((one for one in active if fits(one)), None):
            return found
    return None


def our_addresses() -> set[str]:
    """Every address of every mailbox, in lower case."""
    return {str(one).lower() for address, aliases in _addresses.all() for one in (address, *aliases)}
