"""What an operator enters of an app's registration at Google or Microsoft."""

import re
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.timezone import now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kefu.channels.email.models import Grant, Mailbox
from kefu.channels.email.oauth import SERVICES

Flow = Grant.Flow


class ConsentForm(forms.Form):
    """The secret is never shown again once it is saved: an empty field keeps it."""

    address = forms.CharField(label=_("Address of the mailbox"), max_length=254)
    flow = forms.ChoiceField(label=_("Who allows it"), choices=Flow.choices, initial=Flow.PERSON, required=False)
    tenant = forms.CharField(
        label=_("Directory (tenant) ID"),
        required=False,
        max_length=100,
        help_text=_("On the overview of the app’s registration. Empty: any organisation’s account may sign in."),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=200)
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=400,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
    )
    user = forms.CharField(
        label=_("User name at the mail server"),
        required=False,
        max_length=200,
        help_text=_("Only where it is not the address. For a shared mailbox: its address, while you sign in as somebody who may use it."),
    )

    def __init__(self, *args: Any, mailbox: Mailbox, grant: Grant | None, provider: str, **more: Any) -> None:
        self.mailbox, self.provider = mailbox, provider if provider in SERVICES else str(Grant.Provider.GOOGLE)
        self.grant = grant
        asked = grant.as_asked() if grant is not None else None
        self.kept = asked is not None and asked.provider == self.provider and bool(asked.client_secret_sealed)
        first: dict[str, Any] = {"address": mailbox.address}
        if asked is not None and asked.provider == self.provider:
            first |= {name: getattr(asked, name) for name in ("client_id", "tenant", "flow", "user")}
        super().__init__(*args, initial=first, **more)
        if mailbox.pk:
            self.fields["address"].required = False
        if self.provider != Grant.Provider.MICROSOFT:
            del self.fields["tenant"], self.fields["flow"]

    def clean_address(self) -> str:
        if self.mailbox.pk:
            return self.mailbox.address
        address = str(self.cleaned_data["address"]).strip().lower()
        try:
            validate_email(address)
        except forms.ValidationError as error:
            raise forms.ValidationError(_("“%(address)s” is no mail address."), params={"address": address[:80]}) from error
        if Mailbox.objects.filter(address=address).exists():
            raise forms.ValidationError(_("This mailbox is connected already. Open it from the list, and sign in from there."))
        return address

    def clean_client_id(self) -> str:
        found = str(self.cleaned_data["client_id"]).strip()
        if self.provider == Grant.Provider.GOOGLE and not found.endswith(".apps.googleusercontent.com"):
            raise forms.ValidationError(_("A client ID of Google ends with .apps.googleusercontent.com."))
        if self.provider == Grant.Provider.MICROSOFT and not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", found):
            raise forms.ValidationError(_("A client ID of Microsoft looks like 00000000-0000-0000-0000-000000000000."))
        return found

    def clean_tenant(self) -> str:
        found = str(self.cleaned_data["tenant"]).strip()
        if found and not re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z.-]*", found):
            raise forms.ValidationError(_("A tenant is an ID such as 00000000-0000-0000-0000-000000000000, or a domain."))
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        secret = found.get("client_secret", "").strip()
        if not secret and not self.kept:
            self.add_error("client_secret", _("The provider shows the secret once, when you make it. Make a new one if it is gone."))
        if self.provider == Grant.Provider.MICROSOFT and re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", secret):
            self.add_error("client_secret", _("This is the secret’s ID. Copy what stands under “Value”."))
        if found.get("flow") == Flow.APPLICATION and not found.get("tenant"):
            self.add_error("tenant", _("An app signs in at one organisation: enter its ID."))
        return found

    def apply(self) -> Grant:
        """The registration, saved as what is asked for; a right that is there goes on until somebody agrees to the new one."""
        data, mailbox = self.cleaned_data, self.mailbox
        if not mailbox.pk:
            mailbox.address, mailbox.reads_since = data["address"], now()
            mailbox.save()
        grant = self.grant or Grant(mailbox=mailbox, provider=self.provider)
        registration = {"provider": self.provider, "client_id": data["client_id"], "tenant": data.get("tenant", "")}
        registration |= {"flow": data.get("flow") or Flow.PERSON, "user": data["user"].strip()}
        grant.ask(registration, data["client_secret"].strip())
        grant.save()
        return grant


def refusal(problem: str) -> str:
    """Why the way back from the provider led to nothing, in words; "" for what is no reason."""
    if problem == "state":
        return gettext("This sign-in was not begun here, or too long ago, or it was used already. Begin it again on this page.")
    return ""
