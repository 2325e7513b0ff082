"""The exchange's side of Kefu's port, to start from: standard library only. Run: python3 exchange_server.py 8900 KEY SECRET

It checks signature, age and nonce of each request and answers with one account that is made up. Replace ``answer``.
"""

import hashlib
import hmac
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

AGE = 30  # seconds that a request may be old
SEEN: dict[str, float] = {}
FROZEN: dict[str, str] = {}
CODES = {"20000001": "246810"}  # what your app shows just now; made anew and used up by you
NOW = "2026-11-21T00:00:00+00:00"
ACCOUNT = {
    "uid": "20000001",
    "email": "mia@mail.example",
    "tier": 1,
    "country": "SG",
    "language": "en",
    "registered": "2025-01-01T00:00:00+00:00",
    "kyc": {"state": "approved", "level": 2},
    "is_frozen": False,
    "risk": "low",
    "protections": ["totp"],
}
DEPOSIT = {
    "id": "D1",
    "coin": "USDT",
    "network": "Tron (TRC-20)",
    "amount": "500",
    "txid": "ab" * 32,
    "state": "confirming",
    "at": NOW,
    "confirmations": 12,
    "needed": 20,
}
FEES = {
    "level": "VIP 1",
    "rates": [{"market": "spot", "maker": "0.08", "taker": "0.09"}],
    "withdrawals": [{"coin": "USDT", "network": "Tron (TRC-20)", "fee": "1", "minimum": "10"}],
}
ADDRESSES = {"20000001": "0x52908400098527886E0F7030069857D2E4169EE7"}  # to which the account has withdrawn for some time
NETWORK = {
    "coin": "USDT",
    "network": "Tron (TRC-20)",
    "minimum": "1",
    "confirmations": 20,
    "needs_memo": False,
    "deposits_open": True,
    "withdrawals_open": True,
}


def answer(method, path, query, body):
    """The value for one question; None for "there is no such thing"."""
    parts = [unquote(part) for part in path.strip("/").split("/")]
    if parts == ["v1", "networks"]:
        return [NETWORK]
    if parts == ["v1", "uid"]:
        return ACCOUNT["uid"] if query.get("email") == [ACCOUNT["email"]] else None
    if parts[:2] == ["v1", "transactions"]:
        return {"deposit": DEPOSIT, "withdrawal": None, "owner": ACCOUNT["uid"]} if parts[2] == DEPOSIT["txid"] else None
    if parts[:2] != ["v1", "accounts"] or parts[2] != ACCOUNT["uid"]:
        return None
    if parts[3:] == ["activity"]:
        return {"deposits": [DEPOSIT], "withdrawals": [], "orders": [], "api_keys": []}
    if parts[3:] == ["fees"]:
        return FEES
    if parts[3:] == ["signature"] and method == "POST":
        said = json.loads(body)
        return said["address"] == ADDRESSES.get(parts[2]) and wallet_signed(said["address"], said["text"], said["signature"])
    if parts[3:] == ["identity-check"] and method == "POST":
        number = json.loads(body)["conversation"]  # begin a check on your own page once for each, then say how it stands
        return {"id": number, "state": "open", "url": f"https://exchange.example/check/{number}"}
    if parts[3:] == ["freeze"] and method == "POST":
        FROZEN.setdefault(parts[2], json.loads(body)["request_id"])  # the same request twice is one freeze
        return True
    if parts[3:] == ["unfreeze"] and method == "POST":
        FROZEN.pop(parts[2], None)  # two of support's staff agreed; answer False where yours must look first
        return True
    if parts[3:] == ["code"] and method == "POST":
        right = hmac.compare_digest(CODES.get(parts[2], ""), json.loads(body)["code"])
        return CODES.pop(parts[2], None) is not None if right else False
    return {**ACCOUNT, "is_frozen": parts[2] in FROZEN} if parts[3:] == [] else None


def wallet_signed(address, text, signature):
    """Replace: check the signature as the address's chain does (personal_sign, BIP-322, ...)."""
    return False


class Port(BaseHTTPRequestHandler):
    key, secret = "", ""

    def do_GET(self):
        self.handle_one("GET")

    def do_POST(self):
        self.handle_one("POST")

    def handle_one(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.is_signed(method, body):
            return self.say(401, {"error": "signature"})
        url = urlsplit(self.path)
        value = answer(method, url.path, parse_qs(url.query), body)
        self.say(404, {"error": "unknown"}) if value is None else self.say(200, {"value": value})

    def is_signed(self, method, body):
        at, nonce = self.headers.get("X-Kefu-Timestamp", ""), self.headers.get("X-Kefu-Nonce", "")
        if self.headers.get("X-Kefu-Key") != self.key or not at.isdigit() or abs(time.time() - int(at)) > AGE or nonce in SEEN:
            return False
        text = "\n".join([at, nonce, method, self.path, hashlib.sha256(body).hexdigest()])
        right = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, self.headers.get("X-Kefu-Signature", "")):
            return False
        for old in [n for n, seen in SEEN.items() if seen < time.time() - 2 * AGE]:
            del SEEN[old]
        SEEN[nonce] = time.time()
        return True

    def say(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass  # paths hold uids


if __name__ == "__main__":
    port, Port.key, Port.secret = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    ThreadingHTTPServer(("127.0.0.1", port), Port).serve_forever()
