"""The mail to whoever asked at a mailbox to be told when an incident is over: from the mailbox that they know."""

from email.utils import formataddr, parseaddr

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.channels.email.limits import LOOP_HEADER
from kefu.channels.email.mailboxes import known_to, signature_of
from kefu.channels.email.post import send_once
from kefu.channels.email.signed import SignedMail
from kefu.incidents.models import Subscription
from kefu.incidents.subscribe import link_of, over
from kefu.text.markup import plain


def send_over(subscription_id: int) -> None:
    """Job: compose and send it, in the language in which it was asked for; not to somebody who wants it no more.

    Its Message-ID is the same over all attempts, so that a mail that was sent twice is seen once.
    """
    found = Subscription.objects.select_related("incident").filter(pk=subscription_id, ended_at=None).first()
    if found is None:
        return
    mailbox = known_to(found.address, found.language)
    with override(found.language):
        stop = settings.SITE_URL + reverse("incident-stop", args=[link_of(found)])
        brand = (mailbox.name if mailbox else "") or settings.BRAND.get(found.language) or settings.BRAND["en"]
        title = found.incident.title(found.language)
        status = settings.SITE_URL + reverse("help-status")
        context = {"over": plain(over(found.incident, found.language)), "stop": stop, "brand": brand, "status": status}
        context["signature"] = signature_of(mailbox, found.language)
        mail = SignedMail(
            subject=_("Over: %(title)s") % {"title": " ".join(title.split())},
            body=render_to_string("email/incident_over.txt", context),
            from_email=formataddr((brand, mailbox.address if mailbox else parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
            to=[found.address],
            headers={
                "Message-ID": f"<incident-{found.incident_id}-{found.pk}@{settings.BRAND_DOMAIN}>",
                "Auto-Submitted": "auto-generated",
                LOOP_HEADER: settings.BRAND_DOMAIN,
                "List-Unsubscribe": f"<{stop}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )
    send_once(mail, mailbox, key=f"incident-{found.pk}")
