"""A reader without an account: a random key in a cookie, so that a vote counts once."""

from dataclasses import dataclass
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

COOKIE = "kefu_reader"


@dataclass(frozen=True)
class Reader:
    key: str
    is_new: bool
    secure: bool

    def remember(self, response: HttpResponse) -> None:
        """Set the cookie where the browser has none."""
        if self.is_new:
            response.set_cookie(COOKIE, self.key, max_age=31_536_000, httponly=True, samesite="Lax", secure=self.secure)


def reader_of(request: HttpRequest) -> Reader:
    key = request.COOKIES.get(COOKIE, "")
    known = len(key) == 32 and key.isalnum()
    return Reader(key if known else uuid4().hex, not known, request.is_secure())
