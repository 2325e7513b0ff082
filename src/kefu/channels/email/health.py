"""Is any mail lost, late or stuck? The ledger's equation, and the state of every mailbox."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils.timezone import now

from kefu.channels.email.models import Grant, Mailbox, SeenMail

Outcome = SeenMail.Outcome
LATE = timedelta(minutes=5)  # a mail that waits longer is a fault
SILENT = timedelta(minutes=10)  # a mailbox that nobody looked at for so long is stuck


@dataclass(frozen=True)
class Equation:
    """Mails seen in a span, and what became of them. It holds when every row has an outcome, or is younger than LATE."""

    seen: int
    outcomes: dict[str, int] = field(default_factory=dict)
    late: int = 0

    @property
    def holds(self) -> bool:
        return self.seen == sum(self.outcomes.values()) and not self.late


@dataclass(frozen=True)
class State:
    """How a mailbox stands. ``lag`` is the age of the oldest mail that waits to be read."""

    mailbox: Mailbox
    equation: Equation
    lag: timedelta | None
    last: datetime | None
    trouble: str  # "", "consent", "error", "silent", "late", "sending" or "open" (quarantined or failed mails wait for a person)
    held: int


def equation(*, since: datetime, mailbox: Mailbox | None = None) -> Equation:
    """The equation of all mails received since then, of one mailbox or of all."""
    rows = SeenMail.objects.filter(received__gte=since)
    if mailbox is not None:
        rows = rows.filter(mailbox=mailbox)
    counts = dict(rows.values_list("outcome").annotate(n=Count("pk")).order_by())
    late = rows.filter(outcome=Outcome.WAITING, received__lt=now() - LATE).count()
    return Equation(rows.count(), {value: counts.get(value, 0) for value in Outcome.values}, late)


def states(*, at: datetime | None = None) -> list[State]:
    """Every mailbox with today's equation (the last 24 hours)."""
    at = at or now()
    found: list[State] = []
    for mailbox in Mailbox.objects.select_related("grant"):
        waits = Q(outcome=Outcome.WAITING)
        facts = SeenMail.objects.filter(mailbox=mailbox).aggregate(
            oldest=Min("received", filter=waits),
            last=Max("received"),
            held=Count("pk", filter=Q(outcome__in=[Outcome.QUARANTINE, Outcome.ERROR])),
        )
        lag = at - facts["oldest"] if facts["oldest"] else None
        today = equation(since=at - timedelta(days=1), mailbox=mailbox)
        trouble = _trouble(mailbox, late=lag is not None and lag > LATE, at=at) or ("open" if mailbox.active and facts["held"] else "")
        found.append(State(mailbox, today, lag, facts["last"], trouble, facts["held"]))
    return found


def _trouble(mailbox: Mailbox, *, late: bool, at: datetime) -> str:
    if not mailbox.active:
        return ""
    if (mailbox.signs_in_by_token("imap") or mailbox.signs_in_by_token("smtp")) and mailbox.grant.state == Grant.State.LOST:
        return "consent"
    if mailbox.failing_since:
        return "error"
    if mailbox.imap_host and (mailbox.checked_at or mailbox.created) < at - SILENT:
        return "silent"
    if late:
        return "late"
    return "sending" if mailbox.send_failing_since else ""


def troubled(*, at: datetime | None = None) -> list[Mailbox]:
    """Mailboxes that somebody must look after. On every page of an administrator: asked of what waits, never of all mails."""
    at = at or now()
    waiting = SeenMail.objects.filter(outcome=Outcome.WAITING, received__lt=at - LATE)
    late = set(waiting.order_by().values_list("mailbox", flat=True).distinct())
    mailboxes = Mailbox.objects.filter(active=True).select_related("grant")
    return [one for one in mailboxes if _trouble(one, late=one.pk in late, at=at)]
