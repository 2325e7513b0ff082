"""Signing in: what allauth asks us, and what a first sign-in means for a customer."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from kefu.people.models import Customer, Identity, User
from kefu.people.permissions import agent_of


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Customers come back to their conversations, staff to the desk."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("after-sign-in")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Customers make their own account by a code to their mailbox; staff accounts are made by `kefu createagent`."""
        return True

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""


def customer_of(user: User) -> Customer:
    """The customer behind a signed-in user, made at the first visit.

    The mailbox was proven by the code, so the address counts as verified and, from now on, as this customer's.
    Conversations that an unproven visitor had under the same address are not handed over.
    """
    if agent_of(user):
        raise PermissionError("Staff are no customers.")
    customer = Customer.objects.filter(user=user).first()
    if customer:
        return customer
    known = Identity.objects.filter(kind=Identity.Kind.EMAIL, address=user.email, proof=Identity.Proof.MAILBOX)
    identity = known.select_related("customer").first()
    customer = identity.customer if identity else Customer.objects.create(name=user.name, language=user.language)
    customer.user = user
    customer.save(update_fields=["user"])
    if identity is None:
        Identity.objects.filter(kind=Identity.Kind.EMAIL, address=user.email).delete()
        Identity.objects.create(customer=customer, kind=Identity.Kind.EMAIL, address=user.email, proof=Identity.Proof.MAILBOX)
    return customer
