"""`kefu lmtp`: the mail server hands its mail over directly, and has our "kept" for every recipient (RFC 2033)."""

import asyncio
import logging
from typing import Any

from aiosmtpd.lmtp import LMTP
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connections

from kefu.channels.email.keep import LARGEST, keep
from kefu.channels.email.models import Mailbox, SeenMail

log = logging.getLogger(__name__)


def mailbox_for(address: str) -> Mailbox | None:
    """The active mailbox of an address, with or without a reply token after "+"."""
    low = address.strip().strip("<>").lower()
    name, _, domain = low.rpartition("@")
    plain = f"{name.partition('+')[0]}@{domain}"
    return next((one for one in Mailbox.objects.filter(active=True) if low in one.addresses or plain in one.addresses), None)


class Handler:
    """Takes mail for our mailboxes only: this is no relay."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Refuse who does not live here, before anything is sent."""
        if await sync_to_async(self._known)(address) is None:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """One row for each mailbox; "250" means that all of them are written down."""
        raw = envelope.original_content or envelope.content or b""
        try:
            await sync_to_async(self._keep)(list(envelope.rcpt_tos), raw)
        except Exception:
            log.exception("a mail could not be kept; the server tries again")
            return "451 4.3.0 Not kept; try again"
        return "250 2.0.0 Kept"

    def _known(self, address: str) -> Mailbox | None:
        close_old_connections()
        return mailbox_for(address)

    def _keep(self, addresses: list[str], raw: bytes) -> None:
        close_old_connections()
        done: set[int] = set()
        for address in addresses:
            mailbox = mailbox_for(address)
            if mailbox and mailbox.pk not in done:
                done.add(mailbox.pk)
                keep(mailbox, raw, source=SeenMail.Source.LMTP, envelope_to=address)


async def serve(host: str, port: int, stop: asyncio.Event, *, ready: Any = None) -> None:
    """Listen until ``stop``. For the machine's own mail server only: nobody signs in here."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: LMTP(Handler(), data_size_limit=LARGEST, enable_SMTPUTF8=True, decode_data=False, hostname="kefu", loop=loop), host, port
    )
    if ready:
        ready(server.sockets[0].getsockname()[1])
    try:
        async with server:
            await stop.wait()
    finally:
        await sync_to_async(connections.close_all)()  # in the thread that opened them
