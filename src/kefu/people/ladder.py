"""The ladder of proof: how surely we know with whom we speak, from nobody to whom the exchange has looked in the face.

The two highest rungs are checked by the exchange; only how that ended comes here.
"""

from django.db.models import IntegerChoices
from django.utils.translation import gettext_lazy as _

from kefu.people.models import Identity


class Rung(IntegerChoices):
    ANONYMOUS = 0, _("Anonymous")
    MAILBOX = 1, _("Controls the mailbox")
    SESSION = 2, _("Signed in at the exchange")
    APP = 3, _("Confirmed by a code in the app")
    ADDRESS = 4, _("Signed by a known withdrawal address")
    DOCUMENT = 5, _("Document and face checked")


# What a topic may ask for before personal data is given, by the word in its definition.
NEEDED = {"mailbox": Rung.MAILBOX, "app": Rung.APP, "address": Rung.ADDRESS, "document": Rung.DOCUMENT}


BY_PROOF = {
    Identity.Proof.NONE: Rung.ANONYMOUS,
    Identity.Proof.MAILBOX: Rung.MAILBOX,
    Identity.Proof.HOST_SITE: Rung.SESSION,
    Identity.Proof.APP: Rung.APP,
}


def rung_of(identity: Identity) -> Rung:
    """What control of this address proves."""
    return BY_PROOF[Identity.Proof(identity.proof)]
