"""Who is behind an address."""

from django.db import transaction
from django.utils.timezone import now

from kefu.people.models import Customer, Identity
from kefu.system.prepared import Fetch, insert, insert_new

_by_address: Fetch[Identity] = Fetch(
    lambda kind, address: Identity.objects.filter(kind=kind, address=address).select_related("customer"),
    Identity._meta.get_field("kind"),
    Identity._meta.get_field("address"),
)


def find(kind: str, address: str) -> Identity | None:
    """The identity behind an address, with its customer; None for a stranger."""
    return _by_address.first(kind, address)


def identify(kind: str, address: str, *, name: str = "", language: str = "") -> Identity:
    """The identity behind an address; a stranger becomes a new customer.

    Addresses are never merged on a name or an unproven claim.
    """
    if known := find(kind, address):
        return known
    with transaction.atomic(savepoint=False):
        customer = insert(Customer(name=name[:80], language=language))
        made = Identity(kind=kind, address=address, customer=customer)
        if insert_new(made):
            return made
        customer.delete()  # somebody was faster: it was made for nothing
    return Identity.objects.select_related("customer").get(kind=kind, address=address)


def confirm(identity: Identity, proof: Identity.Proof) -> None:
    """Note that control of the address was shown just now."""
    identity.proof, identity.verified_at = proof, now()
    identity.save(update_fields=["proof", "verified_at"])
