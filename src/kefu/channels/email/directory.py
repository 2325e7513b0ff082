"""A customer's key from the Web Key Directory of their own mail domain (draft-koch-openpgp-webkey-service)."""

import logging
from urllib.parse import quote

from kefu.channels.email.keys import choose, directory_name
from kefu.channels.email.models import PublicKey
from kefu.conversations.models import Conversation, locked
from kefu.conversations.timeline import append_activity
from kefu.system import rate
from kefu.system.fetch import Unreachable, fetch
from kefu.system.jobs.queue import enqueue
from kefu.text.mail import pgp

log = logging.getLogger(__name__)

JOB = "channels.email.directory.look_up"
AGAIN = 24 * 3600  # seconds until the same address is asked about once more
State = PublicKey.State


def plan_look_up(address: str, conversation: Conversation) -> None:
    """Ask for the key of somebody who uses PGP, once a day at most; call in a transaction."""
    if not rate.exceeded("wkd", address.lower(), limit=1, seconds=AGAIN):
        enqueue(JOB, address=address.lower(), conversation_id=conversation.pk)


def look_up(address: str, conversation_id: int) -> None:
    """Job: the domain says over HTTPS whose key it is, so a key found there is used at once, unless another one is: then
    it waits for a person, for keys change hands when domains do."""
    found = published_key(address)
    if found is None:
        return
    fingerprint = pgp.fingerprint(found)
    used = PublicKey.objects.filter(address=address, state=State.USED).first()
    key, _new = PublicKey.objects.get_or_create(
        address=address,
        fingerprint=fingerprint,
        defaults={"armoured": found, "state": State.WAITING, "source": PublicKey.Source.DIRECTORY},
    )
    if key.source != PublicKey.Source.DIRECTORY:
        key.source = PublicKey.Source.DIRECTORY
        key.save(update_fields=["source"])
    if key.state == State.WAITING and used is None:
        choose(key, State.USED)
        key.state = State.USED
    elif used is not None and used.fingerprint == fingerprint:
        return
    with locked(conversation_id) as c:
        append_activity(c, "mail_key", fingerprint=fingerprint, state=key.state, address=address, source="wkd")
        c.save()


def published_key(address: str) -> str | None:
    """The key for exactly this address, in armour; None where the domain has none, or cannot be reached."""
    local, _, domain = address.rpartition("@")
    name, who = directory_name(local), quote(local, safe="")
    domain = domain.encode("idna").decode() if not domain.isascii() else domain
    for url in (
        f"https://openpgpkey.{domain}/.well-known/openpgpkey/{domain}/hu/{name}?l={who}",
        f"https://{domain}/.well-known/openpgpkey/hu/{name}?l={who}",
    ):
        try:
            armoured = pgp.public_key(fetch(url))
            if address.lower() in pgp.addresses(armoured):
                return armoured
        except (Unreachable, pgp.BadKey) as error:
            log.info("no key at %s: %s", url.partition("?")[0].rpartition("/")[0], error)
    return None
