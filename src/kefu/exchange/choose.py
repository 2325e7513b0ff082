"""Which exchange we talk to: the operator's by its address, else the sandbox."""

from functools import lru_cache

from django.conf import settings

from kefu.exchange.port import Exchange, NotFound
from kefu.exchange.sandbox import Sandbox
from kefu.people.models import Customer, Identity


@lru_cache(maxsize=1)
def exchange() -> Exchange | None:
    """The adapter that the settings name; None where there is none (in production without an address)."""
    if settings.EXCHANGE_URL:
        from kefu.exchange.http import HttpExchange  # httpx takes its time to load: only where it is used

        return HttpExchange(settings.EXCHANGE_URL, settings.EXCHANGE_KEY, settings.EXCHANGE_SECRET, settings.EXCHANGE_WITHHELD)
    return Sandbox() if settings.DEMO else None


def uid_of(customer: Customer) -> str:
    """The customer's account: vouched for by the host site, else the one with a mailbox that was proven; empty for none.

    An unproven mailbox opens nothing. Raises Unavailable.
    """
    if customer.exchange_uid:
        return customer.exchange_uid
    port = exchange()
    if port is None:
        return ""
    proven = customer.identities.filter(kind=Identity.Kind.EMAIL, proof=Identity.Proof.MAILBOX)
    for address in proven.values_list("address", flat=True):
        try:
            return port.uid_of(address).value
        except NotFound:
            continue
    return ""
