"""The README's walk-through, as a customer on a phone and an agent at a desk."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]
PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def say(page, text):
    page.fill("#composer textarea", text)
    page.keyboard.press("Enter")


def test_question_answer_person_queue_reply_transcript(window, at_the_desk):
    customer = window(390, 844, locale="zh-CN")
    customer.goto("/zh-hans/chat/")
    say(customer, "充值两个小时了还没到账")
    answer = customer.wait_for_selector("[data-kind=bot] .sources a")
    assert "充值" in answer.inner_text()

    say(customer, "转人工")
    customer.wait_for_selector("#queue")
    place = customer.inner_text("[data-queue-position]")
    customer.reload()
    assert customer.inner_text("[data-queue-position]") == place, "a refresh keeps the place"

    agent = at_the_desk(locale="zh-CN")
    agent.click("button.me")
    agent.click("button[value=online]")
    agent.click("#inbox li a:has-text('充值两个小时了还没到账')")
    agent.wait_for_selector("#log")
    agent.keyboard.press("t")
    agent.wait_for_selector("#log .event >> text=林晓已接手")
    agent.fill("#composer textarea", "你好，我来看一下这笔充值。")
    agent.keyboard.press("Control+Enter")

    customer.wait_for_selector("[data-kind=agent] >> text=你好，我来看一下这笔充值。")
    assert "2041" in customer.inner_text("#chat > header")

    customer.fill("#composer textarea", "谢")
    agent.wait_for_selector("#typing")
    say(customer, f"好的，我的助记词是 {PHRASE}")
    customer.wait_for_selector(".shield >> text=还没有离开这台设备")
    customer.click(".shield >> text=不是，照常发送")  # who insists meets the server's own look
    customer.wait_for_selector(".advice [role=alert]")
    assert "sausage" not in customer.content()
    agent.wait_for_selector("#log .redacted")
    assert "sausage" not in agent.content()

    agent.fill("#composer textarea", "请把验证码发给我")
    agent.keyboard.press("Control+Enter")
    agent.wait_for_selector("#refused:visible")
    assert agent.input_value("#composer textarea") == "请把验证码发给我", "what was typed is kept"

    customer.click("#chat > header details summary")
    with customer.context.expect_page() as opened:
        customer.click("#chat .menu >> text=对话记录")
    assert "我来看一下这笔充值" in opened.value.inner_text("main")


def test_what_cannot_be_sent_is_kept_and_sent_once(window):
    page = window(390, 844, locale="en-GB")
    page.goto("/en/chat/")
    say(page, "hello, are you there")
    page.wait_for_selector("[data-seq][data-kind=customer]")
    page.wait_for_function("document.getElementById('chat').dataset.talk")
    page.context.set_offline(True)
    say(page, "written in a tunnel")
    page.wait_for_selector(".pending[data-failed]")
    page.context.set_offline(False)
    page.wait_for_selector(".msg[data-seq] >> text=written in a tunnel")
    page.reload()
    page.wait_for_selector(".msg[data-seq] >> text=written in a tunnel")
    assert page.locator(".msg.mine >> text=written in a tunnel").count() == 1


def test_the_widget_opens_in_another_site_and_keeps_its_talk(window):
    page = window(1280, 800, locale="en-GB")
    page.goto("/demo-site/")
    page.wait_for_function("window.Kefu")
    page.mouse.click(1280 - 48, 800 - 48)
    for _ in range(50):
        page.wait_for_timeout(100)
        if frames := [frame for frame in page.frames if "/chat/" in frame.url]:
            break
    found = frames[0]
    found.wait_for_selector("body[data-ready]")
    found.fill("#composer textarea", "from another site")
    found.press("#composer textarea", "Enter")
    found.wait_for_selector(".msg[data-seq] >> text=from another site")


def test_search_suggests_while_typing(window):
    page = window(1280, 800, locale="zh-CN")
    page.goto("/zh-hans/")
    page.click("[role=combobox]")
    page.keyboard.type("充值没到", delay=30)
    page.wait_for_selector("#suggest [role=option] mark")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/articles/**")
    assert page.locator("article h1").count() == 1


def test_a_reader_votes_and_an_editor_publishes(window, at_the_desk):
    page = window(1280, 800, locale="en-GB")
    page.goto("/en/articles/deposit-not-credited/")
    page.click("#vote button[value='0']")
    page.check("#vote input[value=unclear]")
    page.click("#vote button >> text=Send feedback")
    page.wait_for_selector("#vote [role=status]")
    editor = at_the_desk("he", locale="en-GB")
    editor.goto("/studio/?q=deposit-not-credited&language=en")
    editor.click("table a")
    editor.fill("[name=title]", "A deposit is late: four things to check")
    editor.click("button[value=publish]")
    editor.wait_for_selector(".toast")
    page.goto("/en/search/?q=four+things+to+check")
    assert "four things to check" in page.inner_text("#results")
