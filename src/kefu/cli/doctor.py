"""`kefu doctor`: looks at every setting and service, and says in words what is wrong and what to do."""

import sqlite3
from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from kefu.cli import demo
from kefu.people.breached import fault
from kefu.system import room
from kefu.system.audit.log import first_broken
from kefu.system.jobs.models import Job

Finding = tuple[str, str, str]  # ok | warn | bad, subject, text


def main(arguments: list[str]) -> int:
    findings = list(examine())
    for state, subject, text in findings:
        print(f"  {state:<5} {subject:<14} {text}")
    bad = sum(1 for state, _, _ in findings if state == "bad")
    print(f"\n{bad} problem(s)." if bad else "\nEverything is in order.")
    return 1 if bad else 0


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which one would mend them."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:
            yield "bad", check.__name__, f"The check itself failed: {type(error).__name__}: {error}"


def mode() -> Iterator[Finding]:
    if settings.DEMO:
        yield "warn", "mode", "KEFU_DEMO is on: good to try Kefu, not for customers."
    else:
        yield "ok", "mode", "Production."
        if left := demo.accounts_present():
            yield "bad", "accounts", f"Demo accounts are left: {', '.join(left)}. Remove them: kefu demo --remove"
        if not settings.SECURE:
            yield "bad", "address", f"KEFU_SITE_URL is {settings.SITE_URL}: customers need https://."
        if not settings.SMTP.scheme:
            yield "bad", "mail", "KEFU_SMTP_URL is not set: sign-in codes are written to files, and reach nobody."


def database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    version = sqlite3.sqlite_version if connection.vendor == "sqlite" else connection.pg_version  # type: ignore[attr-defined]
    yield "ok", "database", f"{connection.vendor} {version}"
    executor = MigrationExecutor(connection)
    if missing := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield "bad", "migrations", f"{len(missing)} to apply. Run: kefu migrate"
        return
    yield "ok", "migrations", "The database is at this version."
    yield from jobs()
    if broken := first_broken():
        yield "bad", "audit", f"The audit log was changed from entry {broken.pk} on."


def jobs() -> Iterator[Finding]:
    dead = Job.objects.filter(state=Job.State.DEAD).count()
    waiting = Job.objects.filter(state=Job.State.WAITING).count()
    if dead:
        last = Job.objects.filter(state=Job.State.DEAD).order_by("-pk").values_list("handler", flat=True)[0]
        yield "warn", "jobs", f"{dead} gave up for good (last: {last}); {waiting} wait."
    else:
        yield "ok", "jobs", f"{waiting} wait, none gave up."


def mailboxes() -> Iterator[Finding]:
    from kefu.channels.email.health import states

    words = {
        "error": "It cannot be reached: {error}",
        "consent": "The right to sign in has ended: connect it again, on its page at the desk.",
        "sending": "Answers cannot be sent: {send_error}",
        "silent": "Nobody has looked into it for ten minutes: is `kefu worker` (or `kefu run`) running?",
        "late": "Mails wait to be read.",
        "open": "Mails wait for a person, under Mailboxes at the desk.",
    }
    for state in states():
        subject, counts = state.mailbox.address, state.equation
        if state.trouble:
            yield "warn" if state.trouble == "open" else "bad", subject, words[state.trouble].format_map(vars(state.mailbox))
        else:
            yield "ok", subject, f"{counts.seen} mail(s) seen in 24 hours, every one settled."


def mail_names() -> Iterator[Finding]:
    """What is wrong in DNS with the domains we send from; one line where no name server answers."""
    from kefu.channels.email import resolver
    from kefu.channels.email.models import Mailbox
    from kefu.channels.email.name_records import look_at
    from kefu.channels.email.name_words import subject, words

    for mailbox in Mailbox.objects.filter(active=True):
        rows = look_at(mailbox, resolver.resolve)
        if rows[0].code == "offline":
            yield "warn", "dns", words(rows[0])
            return
        for row in rows:
            if row.mark in {"bad", "warn"}:
                put = f" Put into DNS, {row.kind} of {row.name}: {row.value}" if row.value else ""
                yield row.mark, mailbox.address, f"{subject(row)}: {words(row)}{put}"
        if all(row.mark in {"good", "unknown"} for row in rows):
            yield "ok", mailbox.address, "Its records in DNS are right."


def passwords() -> Iterator[Finding]:
    path = settings.BREACHED_PASSWORDS
    if path is None:
        yield "ok" if settings.DEMO else "warn", "passwords", "Not compared with breached ones: KEFU_BREACHED_PASSWORDS is not set."
    elif wrong := fault(path):
        yield "bad", "passwords", f"{path} (KEFU_BREACHED_PASSWORDS) cannot be used: {wrong}"
    else:
        yield "ok", "passwords", f"New ones are compared with {path} ({path.stat().st_size / 2**30:.1f} GB)."


def redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield "ok", "redis", "Not used: one process serves everything."
        return
    from redis import Redis  # an extra: only there when it is used

    try:
        Redis.from_url(settings.REDIS_URL, socket_connect_timeout=3).ping()
    except Exception as error:
        yield "bad", "redis", f"{settings.REDIS_URL} does not answer ({type(error).__name__}). Is it running?"
    else:
        yield "ok", "redis", "Answers."


def disk() -> Iterator[Finding]:
    for place in room.places():
        free = room.free_in(place)
        state = "bad" if free < 2**29 else "warn" if free < 5 * 2**30 else "ok"
        words = " Nothing that is sent can be kept: make room, the rest goes on by itself." if free < room.LEAST else ""
        yield state, "disk", f"{free / 2**30:.1f} GB free in {place}.{words}"


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (mode, database, mailboxes, mail_names, passwords, redis, disk)
