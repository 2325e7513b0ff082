"""Mails to colleagues about their accounts."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kefu.people.models import Agent


def invite(agent: Agent) -> None:
    """Send the way to choose a password. It works once and for three days; whoever asks again gets another one."""
    key = f"{user_pk_to_url_str(agent.user)}-{default_token_generator.make_token(agent.user)}"
    uid, _sep, token = key.partition("-")
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
    with translation.override(_language(agent)):
        days = settings.PASSWORD_RESET_TIMEOUT // 86_400
        context = {"agent": agent, "name": agent.label(_language(agent)), "url": settings.SITE_URL + path, "days": days}
        text = render_to_string("desk/invitation.txt", context)
        send_mail(_("Your account at the desk"), text, settings.DEFAULT_FROM_EMAIL, [agent.user.email])


def second_factor_removed(agent: Agent, *, by: Agent) -> None:
    """Tell an agent that the second factor is gone, so that a stranger's trick does not stay unseen."""
    with translation.override(_language(agent)):
        text = _(
            "%(name)s has removed the second factor of your account. Sign in and set up a new one. If you did not ask for this,"
            " tell another administrator at once."
        ) % {"name": by.label(_language(agent))}
        send_mail(_("Your second factor was removed"), text, settings.DEFAULT_FROM_EMAIL, [agent.user.email])


def _language(agent: Agent) -> str:
    known = dict(settings.LANGUAGES)
    return next((code for code in (agent.user.language, *agent.languages) if code in known), settings.LANGUAGE_CODE)
