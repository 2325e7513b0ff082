"""An exchange on loopback that speaks the port over the sandbox, and can be slow, broken or lying."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from kefu.exchange.http import signature
from kefu.exchange.port import NotFound
from kefu.exchange.sandbox import Sandbox
from kefu.exchange.wire import to_plain

KEY, SECRET = "kefu", "a secret of the test"


class Double:
    def __init__(self):
        self.sandbox, self.mood, self.asked, self.frozen, self.asked_in = Sandbox(), "well", 0, [], []
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                double.answer(self, "GET")

            def do_POST(self):
                double.answer(self, "POST")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/port"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, method):
        self.asked += 1
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path = handler.path.removeprefix("/port")
        right = signature(SECRET, handler.headers["X-Kefu-Timestamp"], handler.headers["X-Kefu-Nonce"], method, path, body)
        status, data = 200, {}
        if handler.headers["X-Kefu-Signature"] != right or handler.headers["X-Kefu-Key"] != KEY:
            status = 401
        elif self.mood == "slow":
            time.sleep(1.5)
        elif self.mood == "broken":
            status = 500
        else:
            try:
                data = {"value": self.value(method, path, body)}
            except NotFound:
                status = 404
        text = b"<html>" if self.mood == "html" else json.dumps({"value": {"uid": 7}} if self.mood == "lying" else data).encode()
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(text)))
        handler.end_headers()
        handler.wfile.write(text)

    def value(self, method, path, body):
        url = urlsplit(path)
        parts = [unquote(part) for part in url.path.strip("/").split("/")]
        if parts[1] == "networks":
            return to_plain(self.sandbox.networks().value)
        if parts[1] == "uid":
            return self.sandbox.uid_of(parse_qs(url.query)["email"][0]).value
        if parts[1] == "transactions":
            return to_plain(self.sandbox.transaction(parts[2]).value)
        if parts[3:] == ["activity"]:
            return to_plain(self.sandbox.activity(parts[2]).value)
        if parts[3:] == ["fees"]:
            return to_plain(self.sandbox.fees(parts[2]).value)
        if parts[3:] == ["signature"]:
            return self.sandbox.signed(parts[2], **json.loads(body)).value
        if parts[3:] == ["identity-check"]:
            return to_plain(self.sandbox.identity_check(parts[2], **json.loads(body)).value)
        if parts[3:] == ["freeze"]:
            given = json.loads(body)
            self.frozen.append((parts[2], given["request_id"]))
            return self.sandbox.freeze(parts[2], **given).value
        if parts[3:] == ["unfreeze"]:
            return self.sandbox.unfreeze(parts[2], **json.loads(body)).value
        if parts[3:] == ["code"]:
            given = json.loads(body)
            self.asked_in.append(given["conversation"])
            return self.sandbox.confirms(parts[2], **given).value
        return to_plain(self.sandbox.account(parts[2]).value)
