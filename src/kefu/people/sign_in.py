"""Signing in: what allauth asks us, and what a first sign-in means for a customer."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kefu.people.models import Customer, Identity, User
from kefu.people.network import address_of
from kefu.people.permissions import agent_of
from kefu.people.sign_ins import note_locked


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Customers come back to their conversations, staff to the desk."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Address or password is wrong."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "too_many_login_attempts": _(
            "Too many wrong tries for this account or from your network. Wait five minutes; or use a passkey, or “Password forgotten”."
        ),
        "rate_limited": _("Too many attempts. Wait a minute and try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError when there were too many wrong tries for this account or from this network."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_locked(request, User.objects.filter(email__iexact=str(credentials.get("email", ""))[:254]).first())
            raise

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("after-sign-in")

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Customers make their own account by a code to their mailbox (web/portal/sign_in.py); staff accounts are made by
        administrators."""
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names."""


def account_for(address: str) -> User | None:
    """The account of whoever has just proven to read this mailbox, made at the first time; None for staff, who need more than that."""
    user = User.objects.filter(email__iexact=address).first()
    if user is None:
        user = User.objects.create_user(address)
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    elif user.is_staff or getattr(user, "agent", None) or not user.is_active:
        return None
    return user


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
