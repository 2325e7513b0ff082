"""Find and remove what a customer must never send: seed phrases, keys, passwords, codes, card and ID numbers.

Pure: text in, text out, in linear time. Everything that could be stored goes through ``redact`` first.
"""

from kefu.text.secrets.finding import Finding, Kind, Redaction
from kefu.text.secrets.redaction import redact

__all__ = ["Finding", "Kind", "Redaction", "redact"]
