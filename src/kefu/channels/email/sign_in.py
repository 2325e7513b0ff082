"""One knock at a time: an account whose password is refused is tried by one, ever more rarely, and by all once it lets us in.

Providers lock a mailbox after some dozens of wrong passwords. Ten waiting answers that each try every ten minutes are there
within the hour.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from kefu.channels.email.models import Mailbox, SignIn
from kefu.system import rate
from kefu.system.jobs.errors import TemporaryError
from kefu.system.turn import write_turn

WRONG_PASSWORD = timedelta(minutes=10), timedelta(hours=4)  # the first pause, doubled up to the second
WRONG_FOR_IMAP = timedelta(minutes=2), timedelta(minutes=30)  # servers say no for other reasons too, and mail waits there to be read
NOT_NOW = timedelta(minutes=10), timedelta(minutes=10)  # the sign-in itself has trouble, which nobody mends but time
NOBODY_THERE = timedelta(minutes=1), timedelta(minutes=10)
TURN = timedelta(minutes=2)  # for one try; whoever died in it is taken for dead then

_turns: dict[str, threading.Lock] = {}
_guard = threading.Lock()


class NotNow(TemporaryError):
    """Somebody tried this account a moment ago and did not get in: wait until ``until``. The text is what was said then."""

    def __init__(self, row: SignIn) -> None:
        super().__init__(row.words, retry_at=row.again_at)
        self.until: datetime = row.again_at
        self.refused = row.refused


def account_of(mailbox: Mailbox | None, way: str = "smtp") -> str:
    """The account at a mail server that a mailbox reads ("imap") or sends with; without a server of its own, that of the settings."""
    if mailbox is None or (way == "smtp" and not mailbox.smtp_host):
        return _hash(
            "settings", *(getattr(settings, f"EMAIL_{name}", "") for name in ("BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD"))
        )
    server = (way, *(getattr(mailbox, f"{way}_{name}") for name in ("host", "port", "security", "user")))
    password = mailbox.secret(f"{way}_password")
    return _hash(*server, password or mailbox.pk)  # without one: by a token, which is this mailbox's own, or not at all


def _hash(*parts: object) -> str:
    return salted_hmac("kefu.sign_in", "\0".join(map(str, parts)), algorithm="sha256").hexdigest()


@contextmanager
def my_turn(account: str) -> Iterator[None]:
    """Inside this one alone tries the account: no second thread of this process, nor another process once a try has failed.

    Raises NotNow where its time has not come. Say what came of it by ``failed`` or ``let_in``.
    """
    with _guard:
        turn = _turns.setdefault(account, threading.Lock())
    with turn:
        ask(account)
        yield


def ask(account: str) -> None:
    """Take the next try of an account that failed before; raises NotNow where it is not yet time, or another has it."""
    row = SignIn.objects.filter(account=account).first()
    if row is None:
        return
    at = now()
    with write_turn():
        taken = row.again_at <= at and SignIn.objects.filter(pk=row.pk, again_at=row.again_at).update(again_at=at + TURN)
    if not taken:
        row.again_at = max(row.again_at, at + timedelta(seconds=5))
        raise NotNow(row)


def failed(account: str, words: str, *, pauses: tuple[timedelta, timedelta], refused: bool = False) -> datetime:
    """It did not let us in; returns when the next try comes: after a pause that doubles from the first of ``pauses`` to the second."""
    at = now()
    with write_turn():
        row = SignIn.objects.filter(account=account).first() or SignIn(account=account, failures=0, refused=refused)
        row.failures = row.failures + 1 if row.refused == refused else 1
        pause = min(pauses[0] * 2 ** min(row.failures - 1, 20), pauses[1])
        values = {"failures": row.failures, "refused": refused, "words": words[:300], "again_at": at + pause}
        SignIn.objects.update_or_create(account=account, defaults=values)
    until: datetime = at + pause
    return until


def hurry(account: str) -> None:
    """Somebody says that the trouble is over: the next who wants to may try, though not as often as one presses."""
    if not rate.exceeded("sign-in", account[:40], limit=3, seconds=600):
        with write_turn():
            SignIn.objects.filter(account=account).update(again_at=now())


def again_at(mailbox: Mailbox, way: str = "smtp") -> datetime | None:
    """When sending over the mailbox, or reading it ("imap"), is tried again; None where nothing is in the way."""
    return SignIn.objects.filter(account=account_of(mailbox, way)).values_list("again_at", flat=True).first()


def let_in(account: str) -> bool:
    """It let us in, or somebody has mended something: the next one may try. True where it was shut before."""
    if not SignIn.objects.filter(account=account).exists():
        return False
    with write_turn():
        return bool(SignIn.objects.filter(account=account).delete()[0])
