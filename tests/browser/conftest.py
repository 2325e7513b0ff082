"""A running system with its starter content, and the system's Chromium."""

import pytest
from playwright.sync_api import Error, expect

from serving import Server

PATIENCE = 25_000  # ms: two systems, two browsers and the tests share the machine
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def system(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("system")).start()
    yield server
    server.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A fixture may ask how its test ended: ``request.node.failed``."""
    report = yield
    item.failed = getattr(item, "failed", False) or report.failed
    return report


def tell(page):
    """What stands on a page, its frames included: where a journey ends too early, this is what its user would have seen."""
    for frame in page.frames:
        try:
            seen = frame.evaluate(
                "[document.readyState, document.body.innerText, [...document.querySelectorAll('textarea')].map(e => e.value)]"
            )
        except Error as gone:
            seen = gone
        print(f"-- {frame.url}\n{str(seen)[:3000]}")


@pytest.fixture
def window(request, browser, system):
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
        page.set_default_timeout(PATIENCE)
        return page

    yield open_window
    for context in contexts:
        if request.node.failed:
            for page in context.pages:
                tell(page)
        context.close()
    # A page that is left breaks off what it asked for; htmx says so.
    problems = [p for p in problems if not p.startswith(("htmx:sendAbort", "htmx:afterRequest"))]
    assert not [p for p in problems if "status of 4" not in p and "Status Error Code 4" not in p], problems


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
