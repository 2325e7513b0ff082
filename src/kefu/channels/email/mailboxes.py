"""Which mailbox speaks."""

from kefu.channels.email.models import Mailbox, SeenMail
from kefu.conversations.models import Conversation
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
    if last := _last.first(conversation.pk):
        return last
    for fits in (
        lambda one: conversation.team_id and one.team_id == conversation.team_id,
        lambda one: one.language == conversation.language and not one.team_id,
        lambda one: not one.team_id,
    ):
        if found := next((one for one in active if fits(one)), None):
            return found
    return None


def our_addresses() -> set[str]:
    """Every address of every mailbox, in lower case."""
    return {str(one).lower() for address, aliases in _addresses.all() for one in (address, *aliases)}
