"""Mail as people and machines really send it: read it, find what the person wrote, tell a person from a machine."""

from kefu.text.mail.headers import Address
from kefu.text.mail.kind import Bounce, bounce, kind
from kefu.text.mail.model import Attachment, Mail
from kefu.text.mail.read import read
from kefu.text.mail.visible import visible_text

__all__ = ["Address", "Attachment", "Bounce", "Mail", "bounce", "kind", "read", "visible_text"]
