"""Signing in by a passkey, and proving with one that it is still you."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.http import HttpResponse
from django.views.decorators.cache import never_cache


class SignIn(LoginWebAuthnView):  # type: ignore[misc]
    """GET by the script: a challenge; POST: the answer. Leads on to where the reader wanted to go."""

    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, authenticator, login)
        return answer


class Reauthenticate(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A refused passkey is told on this page, with another way beside it."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


sign_in = never_cache(SignIn.as_view())
reauthenticate = Reauthenticate.as_view()
