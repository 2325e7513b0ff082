"""A double of an authorization server on loopback: what Google and Microsoft document of OAuth 2.0 (RFC 6749, 7636, 7662)."""

import base64
import json
import secrets
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit


class AuthorizationServer:
    """One app is registered, one account signs in. ``rotates``: a refresh token is good once, and using an old one ends all."""

    client_id, client_secret = "kefu.apps.googleusercontent.com", "app-secret"

    def __init__(self, account: str = "support@beichen.example", *, scope: str = "https://mail.google.com/", rotates: bool = True) -> None:
        self.scope, self.rotates = scope, rotates
        self.lock = threading.Lock()
        self.begin_anew(account)
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
                if self.headers.get("Content-Type", "").partition(";")[0] != "application/x-www-form-urlencoded":
                    status, told = 400, {"error": "invalid_request"}
                else:
                    status, told = server.answer(urlsplit(self.path).path, form)
                raw = json.dumps(told).encode() if isinstance(told, dict) else told
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.http.shutdown()

    def begin_anew(self, account: str) -> None:
        """Forget every right, for the next test; ``account`` is who signs in from now on."""
        self.account = account
        self.seconds, self.pause, self.trouble = 3600, 0.0, 0
        self.codes: dict[str, dict[str, str]] = {}
        self.refresh: set[str] = set()
        self.spent: set[str] = set()
        self.access: dict[str, float] = {}
        self.asked: list[dict[str, str]] = []
        self.redirects: set[str] = set()

    def agree(self, url: str, *, refuse: str = "") -> str:
        """What somebody's browser does there: sign in, agree (or not), and come back to this address."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        if asked["redirect_uri"] not in self.redirects:
            raise AssertionError("redirect_uri_mismatch: such a request never comes back")
        back = {"state": asked["state"]}
        if refuse:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': refuse})}"
        assert asked["response_type"] == "code" and asked["client_id"] == self.client_id
        code = secrets.token_urlsafe(12)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code, 'iss': 'https://accounts.google.com'})}"

    def revoke_all(self) -> None:
        """The account's owner takes the app's right away."""
        self.refresh.clear()
        self.access.clear()

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any] | bytes]:
        if path == "/introspect":
            live = self.access.get(form.get("token", ""), 0.0) > time.time()
            return 200, {"active": True, "username": self.account} if live else {"active": False}
        if path == "/revoke":
            known = form.get("token") in self.refresh
            self.revoke_all()
            return (200, {}) if known else (400, {"error": "invalid_token"})
        time.sleep(self.pause)
        with self.lock:
            self.asked.append(form)
            if self.trouble:
                return self.trouble, b"<html>busy</html>"
            if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
                return 401, {"error": "invalid_client", "error_description": "The OAuth client was not found."}
            return self._grant(form)

    def _grant(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = form.get("grant_type")
        if kind == "authorization_code":
            asked = self.codes.pop(form.get("code", ""), None)
            proof = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
            if asked is None or asked["redirect_uri"] != form.get("redirect_uri") or asked["code_challenge"] != proof:
                return 400, {"error": "invalid_grant", "error_description": "Malformed auth code."}
            return 200, self._tokens(new=True)
        if kind == "refresh_token":
            kept = form.get("refresh_token", "")
            if kept in self.spent:  # somebody uses a stolen one: RFC 9700, 4.14.2
                self.revoke_all()
            if kept not in self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            if self.rotates:
                self.refresh.discard(kept)
                self.spent.add(kept)
            return 200, self._tokens(new=self.rotates)
        if kind == "client_credentials":
            return 200, self._tokens(new=False)
        return 400, {"error": "unsupported_grant_type"}

    def _tokens(self, *, new: bool) -> dict[str, Any]:
        access = "ya29." + secrets.token_urlsafe(24)
        self.access[access] = time.time() + self.seconds
        told = {"access_token": access, "expires_in": self.seconds, "token_type": "Bearer", "scope": self.scope}
        if new:
            fresh = "1//" + secrets.token_urlsafe(24)
            self.refresh.add(fresh)
            told["refresh_token"] = fresh
        return told


def stand_in(monkeypatch: Any, provider: str, server: AuthorizationServer, **more: Any) -> None:
    """Let the double be this provider; loopback counts as the internet for it, and nothing else does."""
    from dataclasses import replace

    from kefu.channels.email import oauth
    from kefu.system import fetch

    real, service = fetch.is_public, oauth.SERVICES[provider]
    moved = replace(service, token=f"{server.base}/token", revoke=f"{server.base}/revoke" if service.revoke else "", **more)
    monkeypatch.setitem(oauth.SERVICES, provider, moved)
    monkeypatch.setattr(fetch, "is_public", lambda address: address == "127.0.0.1" or real(address))
    monkeypatch.setattr(oauth, "post", lambda url, form: fetch.post(url, form, schemes=("http",)))
