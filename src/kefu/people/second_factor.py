"""Second factors: what allauth asks us about them. Their secrets are sealed in the database."""

from base64 import b64decode, b64encode
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kefu.people.models import User
from kefu.system.seal import seal, unseal
from kefu.text.browsers import system_of

SEALED = "sealed:"
PLACE = "second-factor"


class Factors(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is wrong or was used already. Look at the app once more; its clock must be right."),
        "unverified_email": _("The address of your account is not confirmed. An administrator can set that right."),
        "cannot_generate_recovery_codes": _("Set up a passkey or an authenticator app first."),
    }

    def encrypt(self, text: str) -> str:
        return SEALED + b64encode(seal(text.encode(), place=PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises seal.Broken under another secret key: an empty secret would let anybody in. Older rows are not sealed."""
        if not encrypted_text.startswith(SEALED):
            return encrypted_text
        return unseal(b64decode(encrypted_text.removeprefix(SEALED)), place=PLACE).decode()

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        """What the device is, so that a list of several can be told apart; the owner may write something else."""
        return system_of(context.request.META.get("HTTP_USER_AGENT", "")) or str(_("Passkey"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """A passkey belongs to the host it was made on; the operator's name is what the device shows."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": settings.BRAND.get(get_language() or "", "") or settings.BRAND["en"]}
