"""The widget on somebody else's site: another origin, a strict policy, no cookies across sites, by keyboard, with a badge."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def host_site(system):
    """A page on another origin (localhost is another site than 127.0.0.1) whose policy allows the script and the frame, nothing else."""
    policy = f"default-src 'none'; script-src {system.url}; frame-src {system.url}"

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            if self.path == "/":
                tag = f'<script src="{system.url}/widget/embed.js" async></script>'
                self.wfile.write(f"<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>{tag}</html>".encode())

        def log_message(self, *_):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()


def frame_of(page):
    for _ in range(100):
        if found := [frame for frame in page.frames if "/chat/" in frame.url]:
            return found[0]
        page.wait_for_timeout(100)
    raise AssertionError("no frame")


def until(page, expression):
    """Wait until it holds: the browser's own waiting would need the ``eval`` that the policy of this page forbids."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def test_it_works_under_a_strict_policy_without_cookies_across_sites(window, host_site, at_the_desk, system):
    page = window(1280, 800, locale="en-GB")
    page.goto(host_site)
    until(page, "window.Kefu")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    frame = frame_of(page)
    frame.wait_for_selector("#composer")
    frame.fill("#composer textarea", "I want a human, from the shop")
    frame.press("#composer textarea", "Enter")
    frame.wait_for_selector("#queue")
    frame.press("#composer textarea", "Escape")
    until(page, "document.activeElement !== document.querySelector('iframe')")

    agent = at_the_desk("lin", locale="en-GB")
    agent.click("button.me")
    agent.click("button[value=online]")
    agent.click("#inbox li a:has-text('from the shop')")
    agent.wait_for_selector("#log")
    agent.keyboard.press("t")
    agent.wait_for_selector("#log .event >> text=took over")
    agent.fill("#composer textarea", "Hello, what can I do?")
    agent.keyboard.press("Control+Enter")
    until(page, "window.Kefu.unread > 0")
    page.evaluate("window.Kefu.open()")
    assert page.evaluate("window.Kefu.unread") == 0
    frame.wait_for_selector("text=Hello, what can I do?")

    page.reload()
    until(page, "window.Kefu")
    page.evaluate("window.Kefu.open()")
    frame_of(page).wait_for_selector("text=Hello, what can I do?")
    assert [cookie for cookie in page.context.cookies(host_site)] == []
