"""`kefu backfill ADDRESS --since DATE`: fetch what a mailbox got before it was connected."""

import time
from datetime import UTC, datetime

from kefu.channels.email.backfill import Refused, go_on, start, work_on
from kefu.channels.email.models import Backfill, Mailbox
from kefu.cli.main import parser

WORDS = {
    "imap": "This mailbox is not read over IMAP: there is nothing to fetch from.",
    "late": "The day is not before the mailbox was connected: what came since is read anyway.",
    "running": "Another backfill of this mailbox is running. Look at its page at the desk.",
}


def main(arguments: list[str]) -> int:
    options = parser("backfill", __doc__ or "")
    options.add_argument("address", help="the mailbox")
    options.add_argument("--since", required=True, help="the first day, such as 2026-03-01 (UTC)")
    given = options.parse_args(arguments)
    try:
        since = datetime.strptime(given.since, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        print(f"“{given.since}” is no day; write it like 2026-03-01.")
        return 2
    mailbox = Mailbox.objects.filter(address=given.address.lower()).first()
    if mailbox is None:
        print(f"There is no mailbox {given.address}. There are: {', '.join(Mailbox.objects.values_list('address', flat=True)) or 'none'}.")
        return 2
    stopped = Backfill.objects.filter(mailbox=mailbox, since=since, state=Backfill.State.STOPPED).order_by("-pk").first()
    try:
        run = stopped if stopped and go_on(stopped) else start(mailbox, since, by="command line")
    except Refused as error:
        print(WORDS[str(error)])
        return 2
    return _follow(run)


def _follow(run: Backfill) -> int:
    """Work on it here, beside the worker if one runs, and say how far it is; Ctrl-C leaves the rest to the worker."""
    try:
        while True:
            work_on(run, seconds=5)
            run.refresh_from_db()
            print(f"\r{run.done} of {run.total} looked at, {run.fetched} fetched. {run.error}", end="", flush=True)
            if run.state != Backfill.State.RUNNING:
                print(f"\n{run.state}.")
                return 0 if run.state == Backfill.State.DONE else 1
            time.sleep(0.5)
    except KeyboardInterrupt:
        print("\nThe worker goes on with it. Stop it on the mailbox's page at the desk.")
        return 130
