"""Live updates in real tabs: one stream per browser, nothing lost or doubled when the reading tab goes."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from kefu.web.ui import bundles

PAGE = """<!doctype html><meta charset="utf-8"><title>t</title><script type="module">
import { watch } from "/ui.js";
window.seen = []; window.gaps = 0; window.state = "";
window.stop = watch("/stream", {
  after: new URLSearchParams(location.search).get("after") ?? "",
  events: ["message", "typing"],
  onEvent: (event) => seen.push(event.type === "typing" ? "…" : event.data),
  onGap: () => (window.gaps += 1),
  onState: (state) => (window.state = state),
});
</script>"""


class Stream:
    """A server of events 1, 2, 3 …, which resumes by Last-Event-ID or ?after."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []  # (id or nothing, chunk)
        self.open = 0
        self.opened: list[str] = []
        self.change = threading.Condition()
        self.cut = 0

    def say(self, text: str) -> None:
        """An event with the next number."""
        with self.change:
            number = str(sum(1 for key, _ in self.sent if key) + 1)
            self.sent.append((number, f"event: message\nid: {number}\ndata: {text}\n\n"))
            self.change.notify_all()

    def hint(self) -> None:
        """An event without a number, which may be lost."""
        with self.change:
            self.sent.append(("", "event: typing\ndata: x\n\n"))
            self.change.notify_all()

    def break_off(self) -> None:
        """Cut every open connection, as a restart does."""
        with self.change:
            self.cut += 1
            self.change.notify_all()

    def serve(self, after: str, write: Callable[[str], None]) -> None:
        """Write what comes after an id until the connection is cut."""
        with self.change:
            self.open += 1
            self.opened.append(after)
            place = next((i + 1 for i, (key, _) in enumerate(self.sent) if key == after), 0)
            mine = self.cut
        try:
            write("retry: 100\n\n")
            while self.cut == mine:
                with self.change:
                    if len(self.sent) == place:
                        self.change.wait(timeout=0.2)
                    fresh, place = self.sent[place:], len(self.sent)
                write("".join(chunk for _, chunk in fresh) or ": alive\n\n")
        except OSError:
            return
        finally:
            self.open -= 1


@pytest.fixture
def stream() -> Iterator[tuple[Stream, str]]:
    """The server and its address."""
    events = Stream()
    script = bundles.js("chat").encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            self.send_response(200)
            kinds = {"/stream": "text/event-stream", "/ui.js": "text/javascript"}
            self.send_header("Content-Type", kinds.get(url.path, "text/html"))
            self.end_headers()
            if url.path == "/stream":
                after = self.headers.get("Last-Event-ID") or parse_qs(url.query).get("after", [""])[0]
                events.serve(after, self.tell)
            else:
                self.wfile.write(script if url.path == "/ui.js" else PAGE.encode())

        def tell(self, text: str) -> None:
            self.wfile.write(text.encode())
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield events, f"http://127.0.0.1:{server.server_port}/"
    events.break_off()
    server.shutdown()
    server.server_close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One browser with its tabs."""
    context = browser.new_context()
    yield context
    context.close()


def tab(context: BrowserContext, address: str) -> Page:
    """A tab that watches the stream and is connected."""
    page = context.new_page()
    page.goto(address)
    page.wait_for_function("() => state === 'open'")
    return page


def expect(page: Page, *texts: str) -> None:
    """Wait until a tab has seen exactly these messages."""
    page.wait_for_function("n => seen.filter(t => t !== '…').length >= n", arg=len(texts), timeout=8000)
    assert [text for text in page.evaluate("seen") if text != "…"] == list(texts)


def until(condition: Callable[[], bool]) -> None:
    """Wait for the server's side of a change."""
    deadline = time.monotonic() + 8
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert condition()


def test_tabs_share_one_stream(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    tabs = [tab(context, address) for _ in range(3)]
    events.say("一")
    events.say("二")
    for page in tabs:
        expect(page, "一", "二")
    assert events.open == 1


def test_when_the_reading_tab_closes_another_goes_on_where_it_stopped(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    first, second = tab(context, address), tab(context, address)
    events.say("1")
    expect(second, "1")
    first.close()
    events.say("2")
    expect(second, "1", "2")
    assert events.opened[-1] == "1"
    until(lambda: events.open == 1)


def test_a_break_loses_and_doubles_nothing(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    first, second = tab(context, address), tab(context, address)
    events.say("1")
    expect(first, "1")
    events.break_off()
    for text in "234":
        events.say(text)
    expect(first, "1", "2", "3", "4")
    expect(second, "1", "2", "3", "4")


def test_a_tab_that_comes_later_gets_what_its_page_does_not_show_yet(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    first = tab(context, address)
    for text in "123":
        events.say(text)
    expect(first, "1", "2", "3")
    expect(tab(context, f"{address}?after=2"), "3")


def test_a_tab_whose_place_nobody_remembers_is_told_to_read_anew(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    events.say("1")
    events.say("2")
    expect(tab(context, f"{address}?after=1"), "2")
    late = tab(context, f"{address}?after=0")
    late.wait_for_function("() => gaps === 1")


def test_hints_without_a_number_reach_every_tab_each_time(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    tabs = [tab(context, address) for _ in range(2)]
    events.say("1")
    events.hint()
    events.hint()
    events.say("2")
    for page in tabs:
        expect(page, "1", "2")
        assert page.evaluate("seen.filter(t => t === '…').length") == 2


def test_a_tab_that_stops_lets_go_of_the_stream(stream: tuple[Stream, str], context: BrowserContext) -> None:
    events, address = stream
    page = tab(context, address)
    page.evaluate("stop()")
    until(lambda: events.open == 0)
