"""Reading a mailbox over IMAP: by position, with IDLE, whatever breaks meanwhile."""

import logging
import ssl
import threading
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import close_old_connections
from django.db.models import Q
from django.utils.timezone import now

from kefu.channels.email import sign_in
from kefu.channels.email.imap_search import raw_at, uids_above, uids_between
from kefu.channels.email.keep import keep
from kefu.channels.email.models import Mailbox, Security, SeenMail
from kefu.channels.email.oauth import Later, Lost
from kefu.channels.email.sasl import sign_in_imap
from kefu.channels.email.tokens import access_token
from kefu.system.ids import uuid7
from kefu.system.steady import AHEAD
from kefu.system.turn import write_turn

log = logging.getLogger(__name__)

BATCH = 50  # mails between two looks at the clock
IDLE_SECONDS = 240  # below what firewalls and RFC 2177 (29 minutes) end
POLL_SECONDS = 30  # where a server has no IDLE
LEASE = timedelta(seconds=120)
PAUSES = (2, 5, 15, 30, 60)  # seconds between tries while a server cannot be reached


class Unusable(Exception):
    """The mailbox cannot be read as it is set up; the text says what to change."""


def connect(mailbox: Mailbox, *, timeout: int = 20) -> Any:
    """A signed-in connection with the folder open. Raises Unusable with the step that failed, in plain words."""
    from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted
    from imap_tools.errors import ImapToolsError

    by_token = mailbox.signs_in_by_token("imap")
    try:
        if by_token:  # before the server is bothered: without the right there is nothing to ask it
            access_token(mailbox)
    except (Lost, Later) as error:
        raise Unusable(f"{'consent' if isinstance(error, Lost) else 'token'}: {error}") from error
    kinds: dict[str, Any] = {Security.TLS: MailBox, Security.STARTTLS: MailBoxStartTls, Security.NONE: MailBoxUnencrypted}
    kind = kinds[mailbox.imap_security]
    more = {} if mailbox.imap_security == Security.NONE else {"ssl_context": ssl.create_default_context()}
    try:
        box: Any = kind(mailbox.imap_host, mailbox.imap_port, timeout=timeout, **more)
    except ssl.SSLError as error:
        raise Unusable(f"tls: {tls_words(error)}") from error
    except OSError as error:
        raise Unusable(f"connect: {error.strerror or error}") from error
    except Exception as error:  # imaplib's own errors have no common type
        step = "tls" if "TLS" in str(error).upper() else "connect"
        raise Unusable(f"{step}: {error}") from error
    try:
        if by_token:
            sign_in_imap(box.client, mailbox)
        else:
            box.login(mailbox.imap_user, mailbox.secret("imap_password"), initial_folder=None)
    except Exception as error:  # imaplib's own errors have no common type
        with suppress(Exception):
            box.client.shutdown()
        step = "consent" if isinstance(error, Lost) else "token" if isinstance(error, Later) else "login"
        words = _words(error) if isinstance(error, (ImapToolsError, OSError)) else error
        raise Unusable(f"{step}: {words}") from error
    try:
        box.folder.set(mailbox.folder, readonly=mailbox.read_only)
    except Exception as error:
        with suppress(Exception):
            box.logout()
        raise Unusable(f"folder: {_words(error)}") from error
    return box


def fetch(mailbox: Mailbox, box: Any, *, stop: threading.Event | None = None) -> int:
    """Keep every mail above the last position; returns how many. The position moves after a mail is kept, never before.

    A changed UIDVALIDITY (RFC 3501, 2.3.1.1: all positions are void) begins from the first; what was seen before is
    recognised by its hash and settled as a duplicate.
    """
    status = box.folder.status(mailbox.folder, ["UIDVALIDITY", "UIDNEXT"])
    validity = int(status["UIDVALIDITY"])
    if validity != mailbox.uid_validity:
        mailbox.uid_validity, mailbox.last_uid = validity, 0
        mailbox.save(update_fields=["uid_validity", "last_uid"])
    if mailbox.reads_since and not mailbox.last_uid:
        begin_at(mailbox, box)
    found = [uid for uid in uids_above(box, mailbox.last_uid) if uid > mailbox.last_uid]
    done = 0
    for start in range(0, len(found), BATCH):
        for uid in found[start : start + BATCH]:
            if stop is not None and stop.is_set():
                return done
            done += _fetch_one(mailbox, box, uid)
        hold(mailbox)
    return done


def begin_at(mailbox: Mailbox, box: Any) -> None:
    """Put the position before the first mail that reached the server since ``reads_since``, or behind all that is there."""
    every = uids_above(box, 0)
    newer = uids_between(box, mailbox.reads_since, None)
    if at := (newer[0] - 1 if newer else max(every, default=0)):
        _move(mailbox, at)


def _fetch_one(mailbox: Mailbox, box: Any, uid: int) -> int:
    raw = raw_at(box, uid)
    if raw is None:  # deleted by another program between the list and now
        _move(mailbox, uid)
        return 0
    seen = keep(mailbox, raw, source=SeenMail.Source.IMAP, uid_validity=mailbox.uid_validity, imap_uid=uid)
    _move(mailbox, uid)
    if not mailbox.read_only:
        with suppress(Exception):  # a mark for people who look into the mailbox; nothing depends on it
            box.client.uid("STORE", str(uid), "+FLAGS", "(\\Seen)")
    return int(seen.imap_uid == uid)


def _move(mailbox: Mailbox, uid: int) -> None:
    mailbox.last_uid = uid
    with write_turn():
        Mailbox.objects.filter(pk=mailbox.pk, uid_validity=mailbox.uid_validity, last_uid__lt=uid).update(last_uid=uid)


def hold(mailbox: Mailbox) -> bool:
    """Prolong this process's right to read the mailbox; False when another took over."""
    at = now()
    with write_turn():
        kept = Mailbox.objects.filter(pk=mailbox.pk, lease=mailbox.lease).update(
            leased_until=at + LEASE, checked_at=at, error="", failing_since=None
        )
    return bool(kept)


def take(mailbox_id: int, lease: UUID) -> Mailbox | None:
    """The mailbox, if it is to be read and no other process reads it."""
    at = now()
    free = Q(lease=None) | Q(lease=lease) | Q(leased_until__lt=at) | Q(leased_until__gt=at + LEASE + AHEAD)
    with write_turn():
        taken = Mailbox.objects.filter(free, pk=mailbox_id, active=True).exclude(imap_host="").update(lease=lease, leased_until=at + LEASE)
    return Mailbox.objects.get(pk=mailbox_id) if taken else None


def release(mailbox: Mailbox) -> None:
    """Let another process read it at once."""
    with write_turn():
        Mailbox.objects.filter(pk=mailbox.pk, lease=mailbox.lease).update(lease=None, leased_until=None)


def failed(mailbox: Mailbox, words: str) -> None:
    """Note what is wrong, for the health page; since when counts from the first failure."""
    log.warning("mailbox %s: %s", mailbox.address, words)
    with write_turn():
        Mailbox.objects.filter(pk=mailbox.pk).update(error=words[:300])
        Mailbox.objects.filter(pk=mailbox.pk, failing_since=None).update(failing_since=now())


def watch(mailbox_id: int, stop: threading.Event) -> None:
    """Read one mailbox until ``stop``: fetch, wait for news, fetch; after an error wait and begin again.

    Returns when the mailbox is switched off or another process has it.
    """
    lease, tries = uuid7(), 0
    while not stop.is_set():
        close_old_connections()
        mailbox = take(mailbox_id, lease)
        if mailbox is None:
            return
        box = None
        try:
            box = let_in(mailbox)
            with write_turn():
                Mailbox.objects.filter(pk=mailbox.pk).update(connected_at=now())
            while not stop.is_set():
                fetch(mailbox, box, stop=stop)
                tries = 0
                if not hold(mailbox) or not _same_settings(mailbox):
                    break
                _wait(box, stop)
        except (Unusable, sign_in.NotNow) as error:
            failed(mailbox, str(error))
        except Exception as error:  # whatever a mail server does: note it, begin again
            failed(mailbox, f"{type(error).__name__}: {_words(error)}"[:300])
        else:
            continue
        finally:
            if box is not None:
                with suppress(Exception):
                    box.client.shutdown()
            if stop.is_set():
                release(mailbox)
        stop.wait(PAUSES[min(tries, len(PAUSES) - 1)])
        tries += 1


def let_in(mailbox: Mailbox) -> Any:
    """Connect, if the account may be tried now, and remember a refused password: whoever reads the mailbox, new mail or old, tries it
    together with the others, not each minute by itself, which could lock the mailbox. Raises Unusable, NotNow."""
    account = sign_in.account_of(mailbox, "imap")
    sign_in.ask(account)
    try:
        box = connect(mailbox)
    except Unusable as error:
        if str(error).startswith("login:"):
            sign_in.failed(account, str(error), pauses=sign_in.WRONG_FOR_IMAP, refused=True)
        raise
    sign_in.let_in(account)
    return box


def _wait(box: Any, stop: threading.Event) -> None:
    """Until there is news: IDLE (RFC 2177) in short turns, so that stopping is quick; else a pause."""
    if "IDLE" not in box.client.capabilities:
        stop.wait(POLL_SECONDS)
        box.client.noop()
        return
    box.idle.start()
    try:
        for _ in range(IDLE_SECONDS):
            if stop.is_set() or box.idle.poll(timeout=1):
                return
    finally:
        box.idle.stop()


def _same_settings(mailbox: Mailbox) -> bool:
    fields = ("active", "imap_host", "imap_port", "imap_security", "imap_user", "folder", "read_only")
    fresh = Mailbox.objects.filter(pk=mailbox.pk).first()
    return (
        fresh is not None
        and fresh.active
        and all(getattr(fresh, name) == getattr(mailbox, name) for name in fields)
        and (bytes(fresh.imap_password_sealed or b"") == bytes(mailbox.imap_password_sealed or b""))
    )


def tls_words(error: ssl.SSLError) -> str:
    """What is wrong with a certificate, where it is one; else what the handshake failed at."""
    return str(getattr(error, "verify_message", "") or error.reason or error)


def _words(error: Exception) -> str:
    """What a server said, without the wrapping of the library."""
    result = getattr(error, "command_result", None)
    if isinstance(result, tuple) and len(result) > 1:
        said = result[1]
        first = said[0] if isinstance(said, list) and said else said
        return first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    return str(error)
