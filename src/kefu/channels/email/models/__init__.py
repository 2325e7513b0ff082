"""What is kept of mail."""

from kefu.channels.email.models.key import PublicKey
from kefu.channels.email.models.ledger import Backfill, SeenMail
from kefu.channels.email.models.mailbox import Grant, Mailbox, Provider, Security
from kefu.channels.email.models.sign_in import SignIn

__all__ = ["Backfill", "Grant", "Mailbox", "Provider", "PublicKey", "Security", "SeenMail", "SignIn"]
