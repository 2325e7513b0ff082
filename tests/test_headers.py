"""What browsers are told about every kind of answer, and the cookies of an installation with https."""

import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings

from kefu import asgi
from kefu.system.live import stream


def told(path):
    """The headers of one GET by way of the whole application."""
    sent = []

    async def ask():
        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "http_version": "1.1"}
        await asgi.application({**scope, "scheme": "http", "headers": [(b"host", b"127.0.0.1")]}, receive, send)

    with ThreadPoolExecutor(1) as pool:  # a thread without a loop: a browser test of this process may have left one here
        pool.submit(asyncio.run, ask()).result()
    return {bytes(name).lower().decode(): bytes(value).decode() for name, value in sent[0]["headers"]}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/no-such-page/"])
def test_pages_are_framed_by_nobody_and_told_to_nobody(client, path):
    headers = client.get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"] and "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_what_is_no_page_is_taken_for_nothing_else_either():
    assert told("/health")["x-content-type-options"] == "nosniff"
    assert dict(stream.HEADERS)[b"x-content-type-options"] == b"nosniff"


def test_static_files_are_what_they_say_and_read_by_no_other_site(tmp_path):
    (tmp_path / "a.js").write_text("1")
    asgi._with_static.add_files(str(tmp_path), prefix="static/for-this-test")
    headers = told("/static/for-this-test/a.js")
    assert headers["x-content-type-options"] == "nosniff" and "access-control-allow-origin" not in headers


def test_cookies_and_transport_of_an_installation_with_https():
    program = (
        "import json; from kefu import settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS]))"
    )
    env = {**os.environ, "KEFU_SITE_URL": "https://help.example.com"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == ["__Host-sessionid", "__Host-csrftoken", True, True, True, 31_536_000]
    assert settings.SESSION_COOKIE_SAMESITE == "Lax" and settings.SESSION_COOKIE_HTTPONLY
