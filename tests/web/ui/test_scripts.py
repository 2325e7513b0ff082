"""What scripts add, seen in a browser: nothing breaks the content security policy on the way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

DESK = {"width": 1440, "height": 900}

SUGGESTIONS = """() => {
    const form = document.createElement("form");
    form.innerHTML = `<input id="ask" role="combobox" aria-controls="found" aria-expanded="false"
        aria-label="ask"><div id="found" role="listbox"><a role="option" href="#one">one</a>
        <a role="option" href="#two">two</a></div>`;
    document.getElementById("main").prepend(form);
}"""
COUNT_FORMS = """() => {
    window.sent = 0;
    document.addEventListener("submit", (event) => {
        if (event.target.method === "dialog") return;
        window.sent += 1;
        event.preventDefault();
    });
}"""
KEEP = """navigator.serviceWorker.ready.then((registration) =>
    registration.active.postMessage({ keep: "/components/", language: "en" }))"""
FORM = """() => {
    const form = document.createElement("form");
    form.dataset.draft = "trial";
    form.innerHTML = `<textarea name="story" aria-label="story"></textarea>
        <input type="password" name="code">`;
    document.getElementById("main").prepend(form);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: form } }));
}"""


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The reference page; fails at the end when the browser complained about anything."""
    context = browser.new_context(base_url=address, locale="en-US", viewport=DESK)  # type: ignore[arg-type]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_extra_http_headers({"Accept-Language": "en"})
    page.goto("/components/")
    yield page
    assert complaints == []
    context.close()


def test_the_theme_changes_at_once_and_stays(page: Page) -> None:
    page.click("details.drop-menu.wide:has([data-theme-form]) > summary")
    page.click("details.drop-menu.wide [name=theme][value=dark]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_menu_closes_on_escape_and_gives_the_focus_back(page: Page) -> None:
    summary = page.locator("details.drop-menu.wide:has([data-theme-form]) > summary")
    summary.click()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator("details.drop-menu[open]").count() == 0
    assert summary.evaluate("element => element === document.activeElement")


def test_a_dialog_opens_and_closes(page: Page) -> None:
    page.click("[data-dialog=freeze]")
    assert page.locator("#freeze").evaluate("dialog => dialog.open")
    page.click("#freeze [data-close]")
    assert not page.locator("#freeze").evaluate("dialog => dialog.open")


def test_nothing_is_sent_before_the_person_agrees(page: Page) -> None:
    page.evaluate(COUNT_FORMS)
    page.click("[data-confirm]")
    page.click("#confirm [value=no]")
    assert page.evaluate("sent") == 0
    page.click("[data-confirm]")
    assert page.locator("#confirm [value=yes]").inner_text() == "Close ticket"
    page.click("#confirm [value=yes]")
    page.wait_for_function("() => sent === 1")


def test_copying_says_so(page: Page) -> None:
    page.click("[data-copy]")
    page.wait_for_selector("#toasts .toast")
    assert page.evaluate("navigator.clipboard.readText()") == "7c2f9e41"


def test_what_was_being_written_comes_back(page: Page) -> None:
    page.evaluate(FORM)
    page.fill("[data-draft=trial] textarea", "It has not arrived")
    page.fill("[data-draft=trial] input", "123456")
    page.wait_for_function("() => localStorage.getItem('kefu-draft:trial')")
    assert "123456" not in page.evaluate("localStorage.getItem('kefu-draft:trial')")
    page.reload()
    page.evaluate(FORM)
    assert page.input_value("[data-draft=trial] textarea") == "It has not arrived"
    page.click("#toasts .toast button")
    assert page.input_value("[data-draft=trial] textarea") == ""
    assert page.evaluate("localStorage.getItem('kefu-draft:trial')") is None


def test_a_draft_goes_once_its_form_has_been_taken(page: Page) -> None:
    for key in ("components", "arrived"):  # the first form is on this page, with errors; the second has gone
        page.evaluate(f"localStorage.setItem('kefu-draft:{key}', JSON.stringify({{ at: Date.now(), values: [] }}))")
        page.evaluate(f"sessionStorage.setItem('kefu-draft-sent:{key}', '1')")
    page.reload()
    assert page.evaluate("localStorage.getItem('kefu-draft:components')") is not None
    assert page.evaluate("localStorage.getItem('kefu-draft:arrived')") is None


def test_times_are_shown_in_the_readers_zone(page: Page) -> None:
    texts = page.locator("time[data-when=ago]").all_inner_texts()
    assert texts[1:] == ["3 hours ago", "12 days ago"]
    assert any(cookie["name"] == "kefu_zone" for cookie in page.context.cookies())


def test_arrows_choose_a_suggestion_while_the_focus_stays_in_the_field(page: Page) -> None:
    page.evaluate(SUGGESTIONS)
    page.focus("#ask")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#ask", "aria-activedescendant")
    assert page.inner_text(f"#{active}") == "two"
    assert page.locator("#found [aria-selected=true]").count() == 1
    page.keyboard.press("Enter")
    assert page.url.endswith("#two")
    page.keyboard.press("Escape")
    assert page.get_attribute("#ask", "aria-expanded") == "false"


def test_what_was_read_can_be_read_offline(page: Page) -> None:
    page.goto("/components/")
    page.evaluate("navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)")
    page.evaluate(KEEP)
    page.wait_for_function("() => caches.open('kefu-kept').then((c) => c.keys()).then((k) => k.length === 1)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/components/")
    assert page.inner_text("h1") == "Components and states"
    page.goto("/never-read/")
    assert page.inner_text("h1") == "You are offline"
    page.wait_for_selector("#kept-list a")
    page.context.set_offline(False)
