"""What nobody comes back to: a reminder, then solved, then closed."""

from datetime import timedelta

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.checklist import Unfinished, must_be_done, tell_unfinished
from kefu.conversations.events import record
from kefu.conversations.models import IS_OPEN, Conversation, EventKind, locked
from kefu.conversations.reply import say
from kefu.conversations.timeline import append_activity

Status = Conversation.Status
REMIND_AFTER = timedelta(hours=48)  # it is the customer's turn for so long
SOLVED_AFTER = timedelta(days=7)
CLOSED_AFTER = timedelta(hours=72)  # solved for so long without a word
AT_ONCE = 200


def close_forgotten() -> int:
    """Periodic job: one step for each conversation that is due; returns how many steps were made."""
    at = now()
    solved = Conversation.objects.filter(status=Status.SOLVED, solved_at__lt=at - CLOSED_AFTER, closed_at__isnull=True)
    pending = Conversation.objects.filter(IS_OPEN, status=Status.PENDING, stage=Conversation.Stage.NONE)
    silent = pending.filter(last_message_at__lt=at - SOLVED_AFTER, reminded_at__isnull=False)
    waiting = pending.filter(last_message_at__lt=at - REMIND_AFTER, reminded_at__isnull=True)
    steps = ((solved, _close), (silent, _solve), (waiting, _remind))
    return sum(_each(rows.values_list("pk", flat=True)[:AT_ONCE], step) for rows, step in steps)


def _each(pks, step) -> int:  # type: ignore[no-untyped-def]
    done = 0
    for pk in list(pks):
        with locked(pk) as c:
            before = c.status
            if step(c):
                c.save()
                if c.status != before:
                    record(c, EventKind.STATUS_CHANGED, before=before, after=c.status)
                done += 1
    return done


def _close(c: Conversation) -> bool:
    if c.status != Status.SOLVED:
        return False
    c.close(now())
    append_activity(c, "closed", public=True, by="system")
    record(c, EventKind.CLOSED, by="system")
    return True


def _solve(c: Conversation) -> bool:
    if c.status != Status.PENDING:
        return False
    try:
        must_be_done(c)
    except Unfinished as error:  # nobody comes back, but something is still to be done: it is our turn
        c.status, c.reminded_at = Status.OPEN, None
        tell_unfinished(c, error.items)
        return True
    c.solve(now())
    append_activity(c, "solved", public=True, by="system")
    return True


def _remind(c: Conversation) -> bool:
    if c.status != Status.PENDING or c.reminded_at:
        return False
    c.reminded_at = now()
    last = c.last_message_at
    with override(c.language):
        say(c, _("We are waiting for your answer. Without one we take it as solved after a week; you can come back at any time."))
    c.last_message_at = last  # a reminder is no news: the week runs from the agent's words
    return True
