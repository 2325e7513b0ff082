"""Files as their readers see them: the text in them, and whether a secret is among it."""

from kefu.text.files.look import Looked, is_packed, look
from kefu.text.files.plain import untagged

__all__ = ["Looked", "is_packed", "look", "untagged"]
