"""The port over HTTP: signed requests, short patience, a memory for when the exchange does not answer.

A request is signed with HMAC-SHA256 over five lines: timestamp (seconds since 1970), nonce, method, path with query, and
the SHA-256 of the body in hexadecimal. Headers: ``X-Kefu-Key``, ``X-Kefu-Timestamp``, ``X-Kefu-Nonce``,
``X-Kefu-Signature``. The log says what was asked, how long it took and how it ended; never about whom.
"""

import hashlib
import hmac
import json
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Collection
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from django.utils.timezone import now

from kefu.exchange.port import Account, Activity, Answer, Fees, IdentityCheck, Network, NotFound, Transaction, Unavailable
from kefu.exchange.rights import without
from kefu.exchange.wire import BadAnswer, from_plain

log = logging.getLogger(__name__)

PATIENCE = httpx.Timeout(3.0, connect=1.0)
FRESH = 15.0  # seconds an answer is used without asking again
KEPT = 3600.0  # seconds it is shown, marked as old, when the exchange does not answer
MOST_KEPT = 5000
TROUBLE, PAUSE = 5, 30.0  # so many failures in a row, and it is left alone for so many seconds
LARGEST = 2 * 1024 * 1024


class HttpExchange:
    """``base`` is the address of the exchange's side of the port, such as https://internal.example/kefu.

    ``withheld``: names of fields (see ``rights``) that are dropped as an answer comes in, before anything is kept or shown.
    """

    def __init__(self, base: str, key: str, secret: str, withheld: Collection[str] = ()) -> None:
        self.base, self.key, self.secret, self.withheld = base.rstrip("/"), key, secret, frozenset(withheld)
        self.client = httpx.Client(timeout=PATIENCE, follow_redirects=False)
        self._kept: OrderedDict[str, tuple[float, Answer[Any]]] = OrderedDict()
        self._lock = threading.Lock()
        self._failures, self._closed_until = 0, 0.0

    def account(self, uid: str) -> Answer[Account]:
        return self._get("account", f"/v1/accounts/{quote(uid, safe='')}", Account)

    def uid_of(self, email: str) -> Answer[str]:
        return self._get("uid_of", f"/v1/uid?{urlencode({'email': email})}", str)

    def activity(self, uid: str) -> Answer[Activity]:
        return self._get("activity", f"/v1/accounts/{quote(uid, safe='')}/activity", Activity)

    def transaction(self, txid: str) -> Answer[Transaction]:
        return self._get("transaction", f"/v1/transactions/{quote(txid, safe='')}", Transaction)

    def networks(self) -> Answer[tuple[Network, ...]]:
        return self._get("networks", "/v1/networks", tuple[Network, ...])

    def fees(self, uid: str) -> Answer[Fees]:
        return self._get("fees", f"/v1/accounts/{quote(uid, safe='')}/fees", Fees)

    def freeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        body = json.dumps({"reason": reason, "request_id": request_id}).encode()
        value = self._told("freeze", f"/v1/accounts/{quote(uid, safe='')}/freeze", body)
        with self._lock:
            self._kept.pop(f"/v1/accounts/{quote(uid, safe='')}", None)
        return Answer(value, now())

    def unfreeze(self, uid: str, *, reason: str, request_id: str) -> Answer[bool]:
        body = json.dumps({"reason": reason, "request_id": request_id}).encode()
        value = self._told("unfreeze", f"/v1/accounts/{quote(uid, safe='')}/unfreeze", body)
        with self._lock:
            self._kept.pop(f"/v1/accounts/{quote(uid, safe='')}", None)
        return Answer(value, now())

    def confirms(self, uid: str, *, code: str, conversation: str) -> Answer[bool]:
        body = json.dumps({"code": code, "conversation": conversation}).encode()
        return Answer(self._told("confirms", f"/v1/accounts/{quote(uid, safe='')}/code", body), now())

    def signed(self, uid: str, *, address: str, text: str, signature: str, conversation: str) -> Answer[bool]:
        body = json.dumps({"address": address, "text": text, "signature": signature, "conversation": conversation}).encode()
        return Answer(self._told("signed", f"/v1/accounts/{quote(uid, safe='')}/signature", body), now())

    def identity_check(self, uid: str, *, conversation: str) -> Answer[IdentityCheck]:
        body = json.dumps({"conversation": conversation}).encode()
        said = self._ask("identity_check", "POST", f"/v1/accounts/{quote(uid, safe='')}/identity-check", body)
        try:
            return Answer(from_plain(IdentityCheck, said), now())
        except BadAnswer as error:
            raise Unavailable(str(error)) from None

    def _told(self, what: str, path: str, body: bytes) -> bool:
        """Post something and read whether it was so. Raises Unavailable for an answer of another shape."""
        try:
            return bool(from_plain(bool, self._ask(what, "POST", path, body)))
        except BadAnswer as error:
            raise Unavailable(str(error)) from None

    def _get(self, what: str, path: str, kind: Any) -> Answer[Any]:
        with self._lock:
            kept = self._kept.get(path)
        if kept and time.monotonic() - kept[0] < FRESH:
            return kept[1]
        try:
            answer = Answer(without(from_plain(kind, self._ask(what, "GET", path)), self.withheld), now())
        except (Unavailable, BadAnswer) as error:
            if kept and time.monotonic() - kept[0] < KEPT:
                return Answer(kept[1].value, kept[1].fetched_at, is_stale=True)
            raise Unavailable(str(error)) from None
        with self._lock:
            self._kept[path] = (time.monotonic(), answer)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return answer

    def _ask(self, what: str, method: str, path: str, body: bytes = b"") -> Any:
        if time.monotonic() < self._closed_until:
            raise Unavailable("left alone after several failures")
        began = time.monotonic()
        try:
            response = self.client.request(method, self.base + path, content=body or None, headers=self._signed(method, path, body))
            data = self._read(response)
        except (httpx.HTTPError, Unavailable) as error:
            self._note(what, began, type(error).__name__, failed=True)
            raise Unavailable(type(error).__name__) from None
        self._note(what, began, str(response.status_code), failed=False)
        if response.status_code == 404:
            raise NotFound(what)
        return data

    def _read(self, response: httpx.Response) -> Any:
        if response.status_code == 404:
            return None
        if response.status_code != 200 or len(response.content) > LARGEST:
            raise Unavailable(f"status {response.status_code}")
        try:
            return response.json()["value"]
        except (ValueError, KeyError, TypeError):
            raise Unavailable("no JSON with a value") from None

    def _signed(self, method: str, path: str, body: bytes) -> dict[str, str]:
        at, nonce = str(int(time.time())), secrets.token_hex(12)
        return {
            "X-Kefu-Key": self.key,
            "X-Kefu-Timestamp": at,
            "X-Kefu-Nonce": nonce,
            "X-Kefu-Signature": signature(self.secret, at, nonce, method, path, body),
            "Content-Type": "application/json",
        }

    def _note(self, what: str, began: float, end: str, *, failed: bool) -> None:
        took = int((time.monotonic() - began) * 1000)
        log.log(logging.WARNING if failed else logging.INFO, "exchange %s: %s in %d ms", what, end, took)
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= TROUBLE:
                self._failures, self._closed_until = 0, time.monotonic() + PAUSE


def signature(secret: str, at: str, nonce: str, method: str, path: str, body: bytes) -> str:
    """The signature of a request, in hexadecimal; the exchange computes the same."""
    text = "\n".join([at, nonce, method, path, hashlib.sha256(body).hexdigest()])
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
