"""What a mailbox got before it was connected, fetched through the same ledger: nothing twice, a part at a time."""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import now

from kefu.channels.email.imap import Unusable, let_in
from kefu.channels.email.imap_search import raw_at, uids_between
from kefu.channels.email.keep import keep
from kefu.channels.email.models import Backfill, Mailbox, SeenMail
from kefu.channels.email.sign_in import NotNow
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue
from kefu.system.turn import write_turn

JOB = "channels.email.backfill.work"
PART = 30.0  # seconds that a job works before it lets others go first
TURN = timedelta(minutes=5)  # after which a process that died in it is taken for dead
AGAIN = timedelta(minutes=1)  # after a failure; an account that refused our password is not bothered before its time (`let_in`)
State = Backfill.State


class Refused(ValueError):
    """It cannot begin: the text is "imap", "late" (the day is not before the connection) or "running"."""


def start(mailbox: Mailbox, since: datetime, *, by: str) -> Backfill:
    """Begin to fetch what reached the server from ``since`` on, up to when the mailbox was connected. Raises Refused."""
    until = mailbox.reads_since or now()
    if not mailbox.imap_host:
        raise Refused("imap")
    if since >= until:
        raise Refused("late")
    try:
        with write_turn(), transaction.atomic():
            run = Backfill.objects.create(mailbox=mailbox, since=since, until=until, by=by[:80])
            enqueue(JOB, backfill_id=run.pk, unique=f"backfill:{run.pk}")
            audit(by, "mailbox.backfill", f"mailbox:{mailbox.pk}", since=since.isoformat())
    except IntegrityError as error:
        raise Refused("running") from error
    return run


def stop(run: Backfill) -> None:
    """Leave the rest on the server; what was fetched stays."""
    with write_turn():
        Backfill.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.STOPPED)


def go_on(run: Backfill) -> bool:
    """Take up a stopped one where it was; False where another one runs."""
    try:
        with write_turn(), transaction.atomic():
            if Backfill.objects.filter(pk=run.pk, state=State.STOPPED).update(state=State.RUNNING):
                enqueue(JOB, backfill_id=run.pk, unique=f"backfill:{run.pk}")
                return True
    except IntegrityError:
        return False
    return False


def work(backfill_id: int) -> None:
    """Job: fetch for a while, then make way and go on later."""
    run = Backfill.objects.select_related("mailbox").get(pk=backfill_id)
    if run.state == State.RUNNING and not work_on(run, seconds=PART):
        run.refresh_from_db()
        if run.state == State.RUNNING:
            later = AGAIN if run.error else timedelta(0)
            enqueue(JOB, backfill_id=run.pk, unique=f"backfill:{run.pk}", due=now() + later)


def work_on(run: Backfill, *, seconds: float) -> bool:
    """Fetch for at most so long; True when nothing is left. Where another process is at it, nothing is done."""
    at = now()
    with write_turn():
        free = Backfill.objects.filter(pk=run.pk, state=State.RUNNING).exclude(working_until__gt=at)
        if not free.update(working_until=at + TURN):
            return False
    box = None
    try:
        box = let_in(run.mailbox)
        return _fetch(run, box, until=time.monotonic() + seconds)
    except (Unusable, NotNow, OSError) as error:
        _note(run, error=str(error)[:300])
        return False
    finally:
        if box is not None:
            with suppress(Exception):
                box.logout()
        _note(run, working_until=None)


def _fetch(run: Backfill, box: Any, *, until: float) -> bool:
    validity = int(box.folder.status(run.mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"])
    if validity != run.uid_validity:  # the first time, or all positions are void: what was kept is known by its hash
        run.uid_validity, run.last_uid = validity, 0
    uids = uids_between(box, run.since, run.until)
    left = [uid for uid in uids if uid > run.last_uid]
    run.total, run.done = len(uids), len(uids) - len(left)
    _note(run, uid_validity=validity, last_uid=run.last_uid, total=run.total, done=run.done, error="")
    for uid in left:
        if time.monotonic() > until or not Backfill.objects.filter(pk=run.pk, state=State.RUNNING).exists():
            return False
        run.fetched += _keep_one(run, box, uid)
        run.done, run.last_uid = run.done + 1, uid
        _note(run, done=run.done, last_uid=uid, fetched=run.fetched, working_until=now() + TURN)
    with write_turn():
        Backfill.objects.filter(pk=run.pk, state=State.RUNNING).update(state=State.DONE)
    return True


def _keep_one(run: Backfill, box: Any, uid: int) -> int:
    """1 where the mail was not in the ledger before."""
    known = SeenMail.objects.filter(mailbox=run.mailbox, uid_validity=run.uid_validity, imap_uid=uid)
    if known.exists() or (raw := raw_at(box, uid)) is None:
        return 0
    keep(run.mailbox, raw, source=SeenMail.Source.IMAP, uid_validity=run.uid_validity, imap_uid=uid, older=True)
    return 1


def _note(run: Backfill, **values: Any) -> None:
    with write_turn():
        Backfill.objects.filter(pk=run.pk).update(**values)
