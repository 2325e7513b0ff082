"""The forms of passkeys, in our own words. What a device answers is read by a library that trips over what no device says."""

import struct
from typing import Any

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kefu.people.models import SignIn
from kefu.people.sign_ins import note, note_locked

NAME = 60  # characters of a passkey's name
MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, InvalidSignature, struct.error)
LOCKED = "too_many_login_attempts"  # the library's code
REFUSED = _("This passkey was not accepted. Try again, or take another way.")


class _Code:
    """Wrong codes are heard of by the library's signal; that there were too many is not."""

    user: Any

    def clean_code(self) -> Any:
        try:
            return super().clean_code()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == LOCKED:
                note_locked(context.request, self.user)
            raise


class UseCode(_Code, AuthenticateForm):  # type: ignore[misc]
    pass


class ShowCodeAgain(_Code, ReauthenticateForm):  # type: ignore[misc]
    pass


class _Proof:
    """A wrong answer, and one that cannot be read, are refused in the same words."""

    user: Any

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError as error:
            if error.code == LOCKED:
                note_locked(context.request, self.user)
                raise
            self._note()
            raise ValidationError(REFUSED, code="incorrect_code") from error
        except MALFORMED as error:
            self._note()
            raise ValidationError(REFUSED, code="malformed") from error

    def _note(self) -> None:
        note(SignIn.Kind.FACTOR_FAILED if self.user else SignIn.Kind.FAILED, context.request, self.user, how="webauthn")


class UsePasskey(_Proof, AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class SignInByPasskey(_Proof, LoginWebAuthnForm):  # type: ignore[misc]
    pass


class ShowPasskeyAgain(_Proof, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name(initial=self.initial["name"], required=False)
        self.fields["passwordless"] = forms.BooleanField(
            label=_("Sign in with it alone, without a password"),
            help_text=_("Quickest and safest. The device must ask for fingerprint, face or PIN each time."),
            initial=True,
            required=False,
        )
        self.order_fields(["name", "passwordless", "credential"])

    def clean(self) -> Any:
        try:
            return super().clean()
        except ValidationError as error:
            raise _in_words(error) from error
        except MALFORMED as error:
            raise ValidationError(REFUSED, code="malformed") from error


class EditPasskey(EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = _name(initial=self.initial["name"])


def _name(**values: Any) -> forms.CharField:
    return forms.CharField(label=_("Name"), max_length=NAME, help_text=_("So that you know which one it is."), **values)


def _in_words(error: ValidationError) -> ValidationError:
    """The library says “incorrect code” of passkeys, too."""
    return ValidationError(REFUSED, code="incorrect_code") if getattr(error, "code", "") == "incorrect_code" else error
