"""What a customer is told at once when a secret was removed from the message."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.models import Conversation, Message
from kefu.conversations.reply import send_out
from kefu.conversations.timeline import append

ROLE = "secret_advice"
WALLET = {"seed_phrase", "private_key", "extended_key", "keystore"}
ACCOUNT = {"password", "one_time_code", "api_secret", "passphrase"}


def give(conversation: Conversation, kinds: list[str]) -> Message:
    """Append the advice as the bot's word, in the conversation's language; who wrote by mail gets it as a mail.

    Call it inside the locked conversation, which the caller saves.
    """
    with override(conversation.language):
        message = append(
            conversation,
            Message.Kind.BOT,
            text_for(kinds),
            language=conversation.language,
            data={"role": ROLE, "kinds": kinds, "automatic": True},
        )
    if not conversation.customer.blocked_at:
        send_out(conversation, message)
    return message


def text_for(kinds: list[str]) -> str:
    """Plain words without blame: we did not keep it, and what to do now. In the active language."""
    kept = _("We did not keep it: a part of your message that must stay secret was removed before it was stored.")
    return "\n\n".join([kept, *what_to_do(kinds)])


def what_to_do(kinds: list[str]) -> list[str]:
    """How to be safe now that this was sent, sentence by sentence."""
    parts = []
    if WALLET & set(kinds):
        parts.append(
            _(
                "Whoever has seen this seed phrase or private key can take everything in that wallet. If you sent it "
                "to anyone else, move your funds to a new wallet now, and never use the old one again."
            )
        )
    if "api_secret" in kinds or "passphrase" in kinds:
        parts.append(_("Delete this API key in your API settings now and create a new one."))
    if "password" in kinds:
        parts.append(_("Change this password now, here and wherever else you use it."))
    if "one_time_code" in kinds:
        parts.append(_("A code is for you alone. If you did not ask for it yourself, freeze your account now."))
    if "card_number" in kinds or "id_number" in kinds:
        parts.append(_("You do not need to send card or ID numbers here. If we need a document, we use a sealed upload."))
    parts.append(_("Our staff never ask for passwords, codes, seed phrases or private keys."))
    return parts
