"""Mistakes as people meet them in a browser: a page that was open for too long, a file that is too large, a colleague who was faster."""

import httpx
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]
WORDS = "充值两小时了还没到账，this took me ten minutes to write."


def grow_old(page):
    """What a sign-in in another tab, or a week, does to the page."""
    page.context.clear_cookies(name="csrftoken")


def test_a_page_that_was_open_for_too_long_gives_the_words_back_and_sends_them(window):
    page = window(390, 844, locale="zh-CN", color_scheme="dark")
    page.goto("/zh-hans/conversations/", wait_until="networkidle")  # an answer that is still on its way would bring the cookie back
    page.fill("[name=number]", WORDS[:30])
    grow_old(page)
    page.press("[name=number]", "Enter")
    expect(page.locator("h1")).to_have_text("这个页面打开太久了")
    expect(page.locator("textarea[readonly]")).to_have_value(WORDS[:30])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="重新提交").click()
    expect(page.locator("[name=number]")).to_have_value(WORDS[:30])


def test_an_agents_page_that_was_open_for_too_long_heals_by_itself(window, at_the_desk, system):
    customer = window(390, 844, locale="en-GB")
    customer.goto("/en/chat/")
    customer.fill("#composer textarea", "I want to talk to a human about an old page")
    customer.press("#composer textarea", "Enter")
    expect(customer.locator("#queue")).to_be_visible()
    desk = at_the_desk("lin", locale="en-GB")
    desk.goto("/desk/?view=open")
    desk.locator("#inbox li a:has-text('about an old page')").first.click()
    desk.wait_for_selector("#log >> text=about an old page")
    desk.keyboard.press("t")
    desk.wait_for_selector("#log .event >> text=took over")
    grow_old(desk)
    desk.fill("#composer textarea", "Hello, I look at it now.")
    desk.press("#composer textarea", "Control+Enter")
    expect(desk.locator("#log .msg.mine:not(.pending)", has_text="I look at it now").first).to_be_visible()
    expect(customer.locator(".log", has_text="I look at it now")).to_be_visible()
    # the session ends while the agent writes: the words stay, and the reason is told
    signed_in = desk.context.cookies()
    desk.context.clear_cookies()
    desk.fill("#composer textarea", "Nobody should type this twice.")
    desk.press("#composer textarea", "Control+Enter")
    expect(desk.locator("#refused")).to_contain_text("signed out")
    expect(desk.locator("#composer textarea")).to_have_value("Nobody should type this twice.")
    # who comes back to the page finds it covered, until they have signed in in another tab
    come_back = "document.dispatchEvent(new Event('visibilitychange'))"
    desk.evaluate(come_back)
    expect(desk.get_by_role("dialog", name="You have been signed out")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("link", name="Sign in in a new tab")).to_be_focused()
    desk.context.add_cookies(signed_in)
    desk.evaluate(come_back)
    expect(desk.locator("#session-over")).to_be_hidden()
    desk.press("#composer textarea", "Control+Enter")
    expect(desk.locator("#log .msg.mine:not(.pending)", has_text="type this twice").first).to_be_visible()


TAKING = "from kefu.people.models import Agent; rows = Agent.objects.filter(takes_automatically=True); "


@pytest.fixture
def nobody_is_given_work(system):
    """Conversations wait until somebody takes them; afterwards it is as it was."""
    taking = system.manage(f"{TAKING}print(*rows.values_list('pk', flat=True)); rows.update(takes_automatically=False)").split()
    yield
    system.manage(f"{TAKING}Agent.objects.filter(pk__in={[int(pk) for pk in taking]}).update(takes_automatically=True)")


def test_of_two_agents_the_slower_one_sees_who_was_faster(window, at_the_desk, nobody_is_given_work):
    customer = window(390, 844, locale="en-GB")
    customer.goto("/en/chat/")
    customer.fill("#composer textarea", "a real person please")
    customer.press("#composer textarea", "Enter")
    expect(customer.locator("#queue")).to_be_visible()
    first, second = at_the_desk("lin", locale="en-GB"), at_the_desk("zhou", locale="en-GB")
    first.goto("/desk/inbox/")
    address = first.locator("a[href^='/desk/']:has-text('real person')").first.get_attribute("href")
    for one in (first, second):
        one.goto(address)
    taking = "form[action$='/assignment/'] button"
    expect(second.locator(taking)).to_be_visible()
    # What the first does reaches the second's page at once; the click that was under way already does not know it yet.
    second.route("**/live/**", lambda route: route.abort())
    second.reload()
    first.locator(taking).click()
    expect(first.locator("#composer textarea")).to_be_visible()
    second.locator(taking).click()
    expect(second.locator("#thread")).to_contain_text("was faster")


def test_a_file_of_50_mb_is_told_its_limit_with_and_without_script(window, system, tmp_path):
    large = tmp_path / "screen.mp4"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    page = window(390, 844, locale="zh-CN")
    page.goto("/zh-hans/tickets/new/deposits/")
    page.fill("textarea[name=text]", WORDS)
    page.set_input_files("[data-upload-input]", str(large))
    expect(page.locator("[data-upload-list]")).to_contain_text("25 MB")
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    for path, told in (("/zh-hans/chat/files/", "文件最大 25 MB"), ("/en/chat/files/", "up to 25 MB")):
        answer = httpx.post(system.url + path, files={"file": ("a.mp4", large.read_bytes())}, headers={"Accept": "text/html"}, timeout=60)
        assert answer.status_code == 413 and told in answer.text and "<h1" in answer.text
