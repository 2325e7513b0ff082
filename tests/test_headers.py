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
from kefu.web.widget.window import SAFE


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
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_is_no_page_is_taken_for_nothing_else_either():
    for headers in (
        told("/health"),
        {name.decode(): value.decode() for name, value in stream.HEADERS},
        {k.lower(): v for k, v in SAFE.items()},
    ):
        assert headers["x-content-type-options"] == "nosniff" and headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "told"), [("/widget/embed.js", "cross-origin"), ("/en/chat/?embed=1", "cross-origin"), ("/widget/demo/", "same-origin")]
)
def test_other_sites_may_load_the_widget_and_its_frame_and_nothing_else(client, path, told):
    assert client.get(path, follow=True)["Cross-Origin-Resource-Policy"] == told


def test_static_files_are_what_they_say_and_read_by_no_other_site(tmp_path):
    (tmp_path / "a.js").write_text("1")
    asgi._with_static.add_files(str(tmp_path), prefix="static/for-this-test")
    headers = told("/static/for-this-test/a.js")
    assert headers["x-content-type-options"] == "nosniff" and "access-control-allow-origin" not in headers
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("name", "lasts"),
    [("vendor/htmx-2.0.11.min.js", True), ("public.0123456789ab.css", True), ("ticket.js", False), ("vendor/new.min.js", False)],
)
def test_names_that_change_with_what_is_inside_are_asked_for_once(tmp_path, name, lasts):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("1")
    asgi._with_static.add_files(str(tmp_path), prefix="static/lasting")
    assert ("immutable" in told(f"/static/lasting/{name}")["cache-control"]) is lasts


def test_cookies_and_transport_of_an_installation_with_https():
    program = (
        "import json; from kefu import settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS]))"
    )
    env = {**os.environ, "KEFU_SITE_URL": "https://help.example.com"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == ["__Host-sessionid", "__Host-csrftoken", True, True, True, 31_536_000]
    assert settings.SESSION_COOKIE_SAMESITE == "Lax" and settings.SESSION_COOKIE_HTTPONLY
