"""What all tests share: a home of their own, people to talk, and a way to let everything settle."""

import os
import shutil
import tempfile
import threading

os.environ["KEFU_HOME"] = tempfile.mkdtemp(prefix="kefu-test-")
os.environ.setdefault("KEFU_LOG_LEVEL", "error")
# Playwright keeps an event loop in the thread of the tests; Django would take every test after it for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
os.environ.pop("KEFU_REDIS_URL", None)

from kefu.cli.catalogues import compile_all

compile_all()

import pytest
from django.db import connections
from django.utils.timezone import now
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

import any_order
import databases
from kefu.channels.webchat.adapter import Sender, parse
from kefu.conversations.receive import receive
from kefu.system.jobs.run import work_off

# KEFU_EXAMPLES=10000 runs every property that often; the suite as such is content with a hundred.
hypothesis_settings.register_profile(
    "kefu", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=int(os.environ.get("KEFU_EXAMPLES", "100"))
)
hypothesis_settings.load_profile("kefu")
any_order.spoil()
# In the loop that a browser leaves, Django would hold a second connection beside the thread's own, which nobody closes at the end:
# PostgreSQL then refuses to drop the database. Here a thread has one.
connections._connections = threading.local()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start servers and browsers are handed out first: with them last, one process would still wait for its browser long
    after the other has ended. Everything else keeps the random order it has.

    They alone meet real time: on a machine that others keep busy a click may wait for longer than anybody would. Each has a second
    try, and the summary names those that needed it. Where work is let in or turned away (`KEFU_CI=1`) all have it: one chance in ten
    thousand should be read about there and mended here, not stop what has nothing to do with it.
    """

    def takes_long(item: pytest.Item) -> bool:
        return bool(item.get_closest_marker("server")) or "browser" in getattr(item, "fixturenames", ())

    first = {item.path for item in items if takes_long(item)}
    items.sort(key=lambda item: item.path not in first)
    for item in items:
        if takes_long(item) or os.environ.get("KEFU_CI") == "1":
            item.add_marker(pytest.mark.flaky(reruns=1, reruns_delay=2))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        databases.drop_prepared()


@pytest.fixture(autouse=True)
def _quick_settings(settings, tmp_path):
    settings.LANGUAGE_CODE = "en"
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": str(tmp_path)}}


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """What a process keeps in memory of the help centre belongs to the test before."""
    from kefu.knowledge.shelf import shelf
    from kefu.web.help.glossary import _terms

    shelf.__init__()
    _terms.cache_clear()


@pytest.fixture(autouse=True)
def _no_words_left_behind(request, django_db_blocker):
    """Tests that commit are followed by a flush of all models; the full text is a table of its own."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection

        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM search_text")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """On PostgreSQL every process copies its database from one that was migrated once."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = databases.prepare()


@pytest.fixture(scope="session", autouse=True)
def _first_starts_are_shared(tmp_path_factory):
    """All processes of a run copy the home that a first start leaves."""
    import serving

    own = tmp_path_factory.getbasetemp()
    serving.PREPARED = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "prepared"


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium; a test that needs it is skipped, with the reason, where there is none. One a process."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        if os.environ.get("KEFU_CI") == "1":
            pytest.fail("Chromium is missing, and KEFU_CI=1 requires it")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    options = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
    ]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=options)
        yield running
        running.close()


@pytest.fixture
def settle(django_capture_on_commit_callbacks):
    """Do everything that is due: reactions, and what they lead to."""

    def run() -> int:
        with django_capture_on_commit_callbacks(execute=True):
            return work_off()

    return run


@pytest.fixture
def make_agent(db):
    """An agent at work: make_agent("ann", role="agent", languages=["en"])."""
    from kefu.people.models import Agent
    from kefu.people.staff import create_agent

    def make(name="ann", *, online=True, automatic=True, **values):
        agent = create_agent(f"{name}@staff.example", "correct horse battery", name=name, **values)
        if online:
            agent.presence, agent.seen_at = Agent.Presence.ONLINE, now()
        agent.takes_automatically = automatic
        agent.save()
        return agent

    return make


@pytest.fixture
def agent(make_agent):
    return make_agent("ann", automatic=False)


@pytest.fixture
def say(db):
    """A customer writes in the web chat: say("hello", who="browser-1")."""

    def write(text, *, who="browser-1", key=None, thread="", language="en", choice="", topic=""):
        from uuid import uuid4

        inbound = parse(
            Sender("browser", who), text=text, key=key or uuid4().hex, thread=thread, language=language, choice=choice, topic=topic
        )
        return receive(inbound)

    return write


@pytest.fixture
def talk(say):
    return say("hello there").conversation


@pytest.fixture
def queued(say, settle):
    """A conversation that waits for a person."""
    found = say("I want to talk to a human").conversation
    settle()
    found.refresh_from_db()
    assert found.stage == "queued"
    return found


@pytest.fixture
def article(db):
    """A published article about late deposits, in both languages."""
    from kefu.knowledge.models import Article, Translation
    from kefu.knowledge.publish import publish
    from kefu.topics.models import Topic, TopicTranslation

    topic = Topic.objects.create(slug="deposits")
    TopicTranslation.objects.create(topic=topic, language="en", name="Deposits")
    TopicTranslation.objects.create(topic=topic, language="zh-hans", name="充值")
    made = Article.objects.create(slug="late-deposit", topic=topic, kind="faq")
    for language, title, summary, questions in (
        ("en", "My deposit has not arrived", "Check the confirmations first.", ["where is my deposit", "deposit missing"]),
        ("zh-hans", "充值没到账怎么办", "先查确认数。", ["充值没到账", "充币两小时了还没到"]),
    ):
        text = Translation.objects.create(
            article=made, language=language, title=title, summary=summary, questions=questions, body=f"## {title}\n\n{summary}\n"
        )
        publish(text)
    return made


@pytest.fixture
def signed_in(client):
    """The test client, signed in as an agent."""

    def sign_in(agent):
        client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def sandbox(monkeypatch):
    """A fictional exchange of this test's own, wherever the port is asked for."""
    import sys

    import kefu.urls  # noqa: F401 - what is loaded later would keep this test's exchange for ever
    from kefu.exchange import choose
    from kefu.exchange.sandbox import Sandbox

    made, real = Sandbox(), choose.exchange
    for name, module in list(sys.modules.items()):
        if name.startswith("kefu.") and getattr(module, "exchange", None) is real:
            monkeypatch.setattr(module, "exchange", lambda: made)
    return made
