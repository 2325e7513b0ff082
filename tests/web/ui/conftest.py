"""A site that consists of the design system only, for tests that look at it in a browser."""

import os
import shutil
import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings
from playwright.sync_api import Browser, sync_playwright


class Threaded(ThreadingMixIn, WSGIServer):
    """Browsers open several connections at once."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Says nothing about each request."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def only_ui() -> Iterator[None]:
    """The addresses of the design system, and nobody else's."""
    finders = ["django.contrib.staticfiles.finders.AppDirectoriesFinder", "kefu.web.ui.finder.BundleFinder"]
    with override_settings(ROOT_URLCONF="kefu.web.ui.urls", STATICFILES_FINDERS=finders, ALLOWED_HOSTS=["*"]):
        yield


@pytest.fixture
def client(only_ui: None) -> Client:
    """A visitor without scripts."""
    return Client()


@pytest.fixture
def address(only_ui: None) -> Iterator[str]:
    """The same site on a real port of this machine."""
    server = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), Threaded, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium; a test that needs it is skipped, with the reason, where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        if os.environ.get("KEFU_CI") == "1":
            pytest.fail("Chromium is missing, and KEFU_CI=1 requires it")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
