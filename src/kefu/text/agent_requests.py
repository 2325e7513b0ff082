"""What staff may never ask a customer for: an outgoing message that does is stopped before it is stored."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]?")


def asks_for_secret(text: str) -> str | None:
    """The words with which ``text`` asks for a password, code, seed phrase, key or remote control; None when it does not.

    "Never share your password" and "reset your password" are no requests: sentences are judged one by one.
    """
    secret, verb, never, always = _patterns()
    for match in SENTENCE.finditer(text):
        sentence = match.group()
        if never.search(sentence):
            continue
        if found := always.search(sentence):
            return found.group()
        if (found := secret.search(sentence)) and verb.search(sentence):
            return found.group()
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = tomllib.loads((files("kefu.text") / "data" / "agent_requests.toml").read_text("utf-8"))
    return tuple(re.compile(data[name], re.IGNORECASE) for name in ("secret", "verb", "never", "always"))
