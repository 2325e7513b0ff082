"""What kinds of articles and announcements are called."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "faq": _("Question"),
    "how-to": _("How-to"),
    "troubleshooting": _("Troubleshooting"),
    "academy": _("Academy"),
    "path": _("Beginner’s path"),
    "tree": _("Step-by-step check"),
}

NEWS = {
    "listing": _("Listing"),
    "delisting": _("Delisting"),
    "maintenance": _("Maintenance"),
    "upgrade": _("Upgrade"),
    "rule": _("Rule change"),
    "campaign": _("Campaign"),
    "risk": _("Risk warning"),
}
