"""Pages of the design system as a visitor without scripts gets them."""

import json
import re

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from kefu.web.ui import errors
from kefu.web.ui.theme import theme
from kefu.web.ui.zone import ReaderZone


@pytest.mark.parametrize("path", ["/components/", "/offline/"])
def test_pages_work_under_a_strict_policy(client: Client, path: str) -> None:
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert not re.search(r"<[^>]*\s(?:style|on[a-z]+)=", html)
    nonces = re.findall(r'<script type="importmap" nonce="([^"]*)"', html)
    assert all(nonce and nonce in response["Content-Security-Policy"] for nonce in nonces)


def test_the_chosen_theme_is_painted_by_the_server(client: Client) -> None:
    assert "data-theme" not in client.get("/offline/").content.decode().split("<head>")[0]
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/offline/").content.decode()
    client.post("/theme/", {"theme": "system"})
    assert "data-theme=" not in client.get("/offline/").content.decode()


@pytest.mark.parametrize("value", ["purple", '"><script>', ""])
def test_no_other_theme_reaches_the_page(client: Client, value: str) -> None:
    client.cookies["kefu_theme"] = value
    assert "data-theme=" not in client.get("/offline/").content.decode()


@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_theme_never_leads_to_another_site(referer: str) -> None:
    request = RequestFactory().post("/theme/", {"theme": "dark"}, headers={"referer": referer, "host": "127.0.0.1"})
    assert theme(request)["Location"] == "/"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_error_pages_say_what_to_do_next(only_ui: None, status: int, language: str) -> None:
    request = RequestFactory().get("/", headers={"host": "127.0.0.1"})
    html = errors.page(request, status).content.decode()
    assert html.count("<h1>") == 1
    assert "<a " in html.split("<h1>")[1]


def test_a_broken_error_page_still_answers(only_ui: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> str:
        raise RuntimeError("templates are gone")

    monkeypatch.setattr(errors, "render_to_string", broken)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500 and "请" in response.content.decode()


def test_a_closed_system_says_when_to_come_back(only_ui: None) -> None:
    assert errors.unavailable(RequestFactory().get("/", headers={"host": "127.0.0.1"}))["Retry-After"] == "60"


def test_the_manifest_is_valid_json(client: Client) -> None:
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert {"name", "short_name", "icons", "start_url"} <= manifest.keys()


@pytest.mark.parametrize(("name", "active"), [("Asia/Shanghai", "Asia/Shanghai"), ("../etc/passwd", "UTC"), ("", "UTC")])
def test_times_are_in_the_readers_zone(name: str, active: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["kefu_zone"] = name
    seen: list[str] = []
    ReaderZone(lambda r: seen.append(timezone.get_current_timezone_name()))(request)  # type: ignore[arg-type, return-value]
    assert seen == [active]
