"""Who is behind an address."""

from django.db import transaction
from django.utils.timezone import now

from kefu.people.models import Customer, Identity


def identify(kind: str, address: str, *, name: str = "", language: str = "") -> Identity:
    """The identity behind an address; a stranger becomes a new customer.

    Addresses are never merged on a name or an unproven claim.
    """
    known = Identity.objects.filter(kind=kind, address=address).select_related("customer").first()
    if known:
        return known
    with transaction.atomic():
        customer = Customer.objects.create(name=name[:80], language=language)
        identity, created = Identity.objects.get_or_create(kind=kind, address=address, defaults={"customer": customer})
        if not created:
            customer.delete()
    return identity


def confirm(identity: Identity, proof: Identity.Proof) -> None:
    """Note that control of the address was shown just now."""
    identity.proof, identity.verified_at = proof, now()
    identity.save(update_fields=["proof", "verified_at"])
