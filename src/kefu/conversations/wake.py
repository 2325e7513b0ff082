"""Looking whether what sleeping conversations wait for has changed, and telling their customers."""

from datetime import timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Watch, locked
from kefu.conversations.reply import say
from kefu.conversations.sleep import standing_of, wake_up
from kefu.conversations.timeline import append_activity
from kefu.exchange import words
from kefu.exchange.choose import exchange
from kefu.exchange.port import Unavailable
from kefu.exchange.states import Standing
from kefu.system.jobs.queue import enqueue
from kefu.system.turn import write_turn

LOOK = "conversations.wake.look"
AT_ONCE = 200
SOON = timedelta(seconds=30)
GONE_AFTER = timedelta(minutes=2)  # a chat window that was not heard of for so long reads nothing: a mail goes out
Status, Stage = Conversation.Status, Conversation.Stage


def look_due() -> int:
    """Periodic job: have somebody look at what is due; returns how many. The looking itself waits for another server."""
    at = now()
    due = list(Watch.objects.filter(ended_at__isnull=True, next_look_at__lte=at).order_by("next_look_at")[:AT_ONCE])
    for watch in due:
        later = at + pause(at - watch.created)
        Watch.objects.filter(pk=watch.pk).update(next_look_at=min(later, max(watch.until, at + SOON)))
        enqueue(LOOK, watch_id=watch.pk, unique=f"look:{watch.pk}")
    return len(due)


def pause(age: timedelta) -> timedelta:
    """How long until the next look: the longer it takes, the rarer."""
    if age < timedelta(minutes=15):
        return SOON
    return timedelta(minutes=2) if age < timedelta(hours=2) else timedelta(minutes=10)


def look(watch_id: int) -> None:
    """Job: ask the exchange about one thing. News, or a deadline that passed, wake the conversation; once."""
    watch = Watch.objects.filter(pk=watch_id, ended_at__isnull=True).first()
    if watch is None:
        return
    port, late = exchange(), now() >= watch.until
    try:
        standing = standing_of(port, watch.kind, watch.account, watch.subject) if port else None
    except Unavailable:
        standing = None
    if standing is not None and not standing.moves:
        _tell(watch, standing, Watch.Outcome.CHANGED)
    elif late:
        _tell(watch, standing or Standing(watch.state), Watch.Outcome.DEADLINE)
    elif standing is not None and standing.state != watch.state:
        Watch.objects.filter(pk=watch.pk).update(state=standing.state)


def _tell(watch: Watch, standing: Standing, outcome: Watch.Outcome) -> None:
    with write_turn(), locked(watch.conversation_id) as c:
        ended = Watch.objects.filter(pk=watch.pk, ended_at__isnull=True)
        if not ended.update(ended_at=now(), outcome=outcome, state=standing.state):
            return
        record(c, EventKind.WATCH_ENDED, outcome=str(outcome), state=standing.state)
        if c.is_over:
            c.save()
            return
        append_activity(c, "watch_ended", kind=watch.kind, state=standing.state, outcome=str(outcome), label=watch.label)
        if c.stage == Stage.BOT and (c.customer_seen_at is None or now() - c.customer_seen_at > GONE_AFTER):
            c.leave_queue()  # nobody sits at the window: from here it is a ticket, and the mail goes out
        with override(c.language):
            say(c, text_of(watch, standing, outcome), data={"watch": watch.kind})
        wake_up(c, turn=Status.PENDING if standing.is_good and c.assignee_id is None else Status.OPEN)
        c.save()


def text_of(watch: Watch, standing: Standing, outcome: Watch.Outcome) -> str:
    """The news in words, in the active language."""
    if watch.kind == Watch.Kind.IDENTITY:
        what, state = _("your identity verification"), words.kyc_state(standing.state)
        more = [words.kyc_reason(standing.reason)] if standing.reason else []
        more += [words.kyc_missing(code) for code in standing.missing]
    else:
        amount = words.amount_of(standing.facts) if standing.facts else watch.label
        what = _("your transfer of %(amount)s") % {"amount": amount} if amount else _("your transfer")
        state, advice = words.transfer(standing.facts, standing.state)
        more = [advice] if advice else []
    values = {"what": what, "state": state}
    if outcome == Watch.Outcome.DEADLINE:
        late = _("We have watched %(what)s for you. It has not come to its end yet: **%(state)s**. A specialist looks at it from here.")
        return late % values
    said = _("News about %(what)s: **%(state)s**.") % values
    closing = (
        _("Is your problem solved by this? If not, answer here.")
        if standing.is_good
        else _("A specialist looks at it from here; you need not do anything else.")
    )
    return "\n\n".join([said, *more, closing])
