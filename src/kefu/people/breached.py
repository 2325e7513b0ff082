"""Passwords that stand in published breaches: looked up in a file of the operator's own, so that none is ever sent anywhere.

The file is the download of “Pwned Passwords” (https://haveibeenpwned.com/Passwords): one line for each SHA-1, as
``HASH:COUNT`` in hexadecimal capitals, ordered by hash. It has more than 40 GB; a look-up reads some forty lines of it.
"""

import logging
import re
from hashlib import sha1
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

log = logging.getLogger(__name__)
LINE = re.compile(rb"([0-9A-Fa-f]{40}):(\d+)\s*")
LOOKS = 200  # lines that `fault` compares


class Breached:
    """Refuses a password that the operator's file knows. A file that cannot be read refuses nothing: somebody must be able
    to choose a password, the other rules hold, and ``kefu doctor`` says so.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError."""
        if settings.BREACHED_PASSWORDS is None:
            return
        try:
            times = how_often(password, settings.BREACHED_PASSWORDS)
        except (OSError, ValueError) as error:
            log.error("KEFU_BREACHED_PASSWORDS cannot be used, so a new password was not compared with it: %s", error)
            return
        if times:
            words = ngettext(
                "This password stands in published breaches (%(n)d time): whoever guesses begins with those. Take another one.",
                "This password stands in published breaches (%(n)d times): whoever guesses begins with those. Take another one.",
                times,
            )
            raise ValidationError(words % {"n": times}, code="password_breached")

    def get_help_text(self) -> str:
        return _("One that stands in published breaches is refused.")


def how_often(password: str, path: Path) -> int:
    """How often the file has seen it. Raises OSError when it cannot be read, ValueError when a line is none of this format."""
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:  # the wanted line begins at or after `low`, and before `high`
            middle = (low + high) // 2
            begins, found, count = _line_from(file, middle)
            if found is None or found > wanted or begins >= high:
                high = middle
            elif found == wanted:
                return count
            else:
                low = file.tell()
        return 0


def fault(path: Path) -> str:
    """What is wrong with the file, in words; empty when it can be used. Compares lines spread over all of it."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begin = file.readline(200)
            if re.fullmatch(rb"[0-9A-Fa-f]{32}:\d+\s*", begin):
                return "it holds NTLM hashes: download the SHA-1 ones."
            if re.fullmatch(rb"[0-9A-Fa-f]{35}:\d+\s*", begin):
                return "it is one of many pieces: download everything into one file."
            last = b""
            for look in range(LOOKS):
                _begins, found, _count = _line_from(file, size * look // LOOKS)
                if found is not None and found < last:
                    return "its lines are not ordered by hash: download the version that is."
                last = found or last
    except (OSError, ValueError) as error:
        return f"{error}."
    return "" if last else "it is empty."


def _line_from(file: IO[bytes], at: int) -> tuple[int, bytes | None, int]:
    """The first whole line that begins at ``at`` or later: where it begins, its hash and count. None at the end of the file."""
    if at:
        file.seek(at - 1)
        file.readline(200)
    else:
        file.seek(0)
    begins, line = file.tell(), file.readline(200)
    if not line:
        return begins, None, 0
    if not (match := LINE.fullmatch(line)):
        raise ValueError(f"the line at byte {begins} is not HASH:COUNT")
    return begins, match[1].upper(), int(match[2])
