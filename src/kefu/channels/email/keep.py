"""A mail is kept before anything is thought about it: the raw copy sealed, its row in the ledger, the job that reads it."""

from hashlib import sha256
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import DatabaseError, IntegrityError, transaction

from kefu.channels.email.models import Mailbox, SeenMail
from kefu.system.jobs.queue import enqueue
from kefu.system.prepared import insert
from kefu.system.room import store
from kefu.system.seal import Broken, seal, unseal
from kefu.system.turn import write_turn

TAKE_IN = "channels.email.take_in.take_in"
LARGEST = 60 * 1024 * 1024  # bytes of one mail


def keep(
    mailbox: Mailbox,
    raw: bytes,
    *,
    source: SeenMail.Source,
    uid_validity: int | None = None,
    imap_uid: int | None = None,
    envelope_to: str = "",
    older: bool = False,
) -> SeenMail:
    """Write a mail down for good and plan its reading. Whoever handed it over may be told "done" when this returns.

    The same IMAP position twice is one row. ``older``: it came before the mailbox was connected, so nobody gets an
    automatic answer to it. A mail larger than LARGEST gets a row that says so, and no copy.
    """
    if imap_uid is not None and (known := _known(mailbox, uid_validity, imap_uid)):
        return known
    too_large = len(raw) > LARGEST
    row = SeenMail(
        mailbox=mailbox,
        source=source,
        uid_validity=uid_validity,
        imap_uid=imap_uid,
        envelope_to=envelope_to[:254],
        older=older,
        sha256=sha256(raw).hexdigest(),
        size=len(raw),
        raw_key="" if too_large else _store(raw),
    )
    try:
        with write_turn(), transaction.atomic():
            insert(row)
            if too_large:
                row.settle(SeenMail.Outcome.ERROR, f"{len(raw)} bytes: larger than a mail may be")
            else:
                enqueue(TAKE_IN, seen_id=row.pk, unique=f"mail:{row.pk}")
    except IntegrityError:
        if row.raw_key:
            default_storage.delete(row.raw_key)
        known = _known(mailbox, uid_validity, imap_uid)
        if known is None:
            raise
        return known
    except DatabaseError:  # no room, or no database: it is not kept, and must not leave half of it behind
        if row.raw_key:
            default_storage.delete(row.raw_key)
        raise
    return row


def raw_of(seen: SeenMail) -> bytes | None:
    """The raw copy; None where there is none (too large, or a secret was found in it) or it cannot be opened."""
    if not seen.raw_key:
        return None
    try:
        with default_storage.open(seen.raw_key) as file:
            return unseal(file.read(), place="mail")
    except (OSError, Broken):
        return None


def replace_raw(seen: SeenMail, raw: bytes) -> None:
    """Keep another copy instead, without what was removed; the caller saves the row. The first is deleted for good."""
    old, seen.raw_key = seen.raw_key, _store(raw)
    if old:
        transaction.on_commit(lambda: default_storage.delete(old))


def _store(raw: bytes) -> str:
    name = uuid4().hex
    return store(f"mail/{name[:2]}/{name}", seal(raw, place="mail"))


def _known(mailbox: Mailbox, uid_validity: int | None, imap_uid: int | None) -> SeenMail | None:
    return SeenMail.objects.filter(mailbox=mailbox, uid_validity=uid_validity, imap_uid=imap_uid).first()
