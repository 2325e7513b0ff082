"""Telling supervisors and administrators that a mailbox stands still, once, and once more when it works again."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from kefu.channels.email.health import State, states
from kefu.channels.email.models import Mailbox
from kefu.people.models import Agent
from kefu.people.permissions import LEADERS
from kefu.system.jobs.queue import enqueue
from kefu.system.turn import write_turn

JOB = "channels.email.alarm.tell"
PATIENCE = timedelta(minutes=10)  # a server that is gone for less is no news
STOPPED = {"error", "silent", "sending", "consent"}


def sending_failed(mailbox: Mailbox | None, words: str) -> None:
    """Note that the mailbox cannot send now; since when counts from the first failure."""
    if mailbox is None:
        return
    with write_turn():
        rows = Mailbox.objects.filter(pk=mailbox.pk)
        rows.update(send_error=words[:300])
        rows.filter(send_failing_since=None).update(send_failing_since=now())


def sending_works(mailbox: Mailbox | None) -> None:
    """It sent something: whatever was wrong is over."""
    if mailbox is not None and mailbox.send_failing_since is not None:
        with write_turn():
            Mailbox.objects.filter(pk=mailbox.pk).update(send_error="", send_failing_since=None)


def look() -> int:
    """Periodic job: plan a mail about every mailbox that has begun to stand still, or has stopped to; returns how many."""
    at, planned = now(), 0
    for state in states(at=at):
        mailbox = state.mailbox
        stopped = bool(mailbox.active) and state.trouble in STOPPED and _long_enough(state, at)
        if stopped and mailbox.told_at is None:
            changed = Mailbox.objects.filter(pk=mailbox.pk, told_at=None).update(told_at=at)
        elif mailbox.told_at is not None and state.trouble not in STOPPED:
            changed = Mailbox.objects.filter(pk=mailbox.pk).exclude(told_at=None).update(told_at=None)
        else:
            continue
        if changed:
            enqueue(JOB, mailbox_id=mailbox.pk, trouble=state.trouble if stopped else "", since=_since(state).isoformat())
            planned += 1
    return planned


def tell(mailbox_id: int, trouble: str, since: str) -> None:
    """Job: the mail itself, to each in their language, over the server of the settings. ``trouble`` is "" where it is over."""
    mailbox = Mailbox.objects.filter(pk=mailbox_id).first()
    if mailbox is None:
        return
    known = dict(settings.LANGUAGES)
    for agent in Agent.objects.filter(active=True, role__in=LEADERS, user__is_active=True).select_related("user"):
        language = next((code for code in (agent.user.language, *agent.languages) if code in known), settings.LANGUAGE_CODE)
        with translation.override(language):
            context = {
                "mailbox": mailbox,
                "trouble": trouble,
                "since": datetime.fromisoformat(since),
                "error": mailbox.error or mailbox.send_error,
                "url": f"{settings.SITE_URL}/desk/mailboxes/",
            }
            subject = _("%(address)s stands still") if trouble else _("%(address)s works again")
            text = render_to_string("email/alarm.txt", context)
            send_mail(subject % {"address": mailbox.address}, text, settings.DEFAULT_FROM_EMAIL, [agent.user.email])


def _long_enough(state: State, at: datetime) -> bool:
    """A right that was withdrawn does not come back by itself; everything else may."""
    return state.trouble in {"consent", "silent"} or _since(state) <= at - PATIENCE


def _since(state: State) -> datetime:
    mailbox = state.mailbox
    kept: datetime = mailbox.failing_since or mailbox.send_failing_since or mailbox.checked_at or mailbox.created
    return kept
