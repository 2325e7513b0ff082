"""A running system with its starter content, and the system's Chromium."""

import pytest

from serving import Server


@pytest.fixture(scope="session")
def system(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("system")).start()
    yield server
    server.stop()


@pytest.fixture
def window(browser, system):
    """window(390, 844, locale="zh-CN", color_scheme="dark") is a page of a new browser; its errors fail the test."""
    contexts, problems = [], []

    def open_window(width, height, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, base_url=system.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console", lambda message: problems.append(message.text) if message.type == "error" and "net::" not in message.text else None
        )
        page.set_default_timeout(25_000)  # patient: two systems, two browsers and the tests share the machine
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not [p for p in problems if "status of 4" not in p], problems


@pytest.fixture
def at_the_desk(window):
    def sign_in(who="lin", **options):
        page = window(options.pop("width", 1440), options.pop("height", 900), **options)
        page.goto("/studio/" if who == "he" else "/desk/")
        page.fill("[name=login]", f"{who}@beichen.example")
        page.fill("[name=password]", "beichen-demo-2026")
        page.click("main form button[type=submit]")
        page.wait_for_url("**/desk/**" if who != "he" else "**/studio/**")
        return page

    return sign_in
