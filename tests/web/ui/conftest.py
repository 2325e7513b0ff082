"""A site that consists of the design system only, for tests that look at it in a browser."""

import threading
from collections.abc import Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, override_settings


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
