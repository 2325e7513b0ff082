"""The mail to somebody whose account was opened on a browser that never did before."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from kefu.people.models import SignIn


def tell(line: SignIn) -> None:
    """Sent in the owner's language. A mail server that is down keeps nobody from signing in."""
    user = line.user
    if user is None:
        return
    known = dict(settings.LANGUAGES)
    wanted = (user.language, *getattr(getattr(user, "agent", None), "languages", []))
    with translation.override(next((code for code in wanted if code in known), settings.LANGUAGE_CODE)):
        text = render_to_string("account/email/new_device.txt", {"line": line, "url": settings.SITE_URL + reverse("account")})
        send_mail(_("Your account was used on a new device"), text, settings.DEFAULT_FROM_EMAIL, [user.email], fail_silently=True)
