"""What a look found, as bytes: for whoever had it done in another process."""

import json

from kefu.text.files.look import look


def answer(name: str, content: bytes) -> bytes:
    """``look`` as JSON: kinds, text, whole."""
    found = look(name, content)
    return json.dumps({"kinds": found.kinds, "text": found.text, "whole": found.whole}).encode()
