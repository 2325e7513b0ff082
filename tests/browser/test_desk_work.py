"""A day at the desk in the browser: an hour without a mouse, two agents on one thread, two hundred answered at once,
a question that becomes an article."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]

WRITE = """
from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive
def write(who, text, key, language="en", topic="", thread=""):
    return receive(parse("email", who, topic=topic, text=text, key=key, fields={}, language=language, thread=thread)).conversation
"""


def open_by_number(page, number):
    """By keyboard: into the search, the number, Enter."""
    page.keyboard.press("/")
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#thread >> text={number}")


def numbers(system, code):
    return system.manage(WRITE + code).split()


def test_an_hour_without_a_mouse(system, at_the_desk):
    first, second, third = numbers(
        system,
        """
from kefu.automation.models import Macro
Macro.objects.get_or_create(name="Credited soon", defaults={"texts": {"en": "Hello {customer}, it is credited within the hour."}})
one = write("kim@mail.example", "My first question about a deposit", "kb1")
two = write("kim@mail.example", "My second mail about the same deposit", "kb2")
three = write("kim@mail.example", "Two things: fees, and limits", "kb3")
print(one.number, two.number, three.number)
""",
    )
    page = at_the_desk("lin", locale="en-GB")
    open_by_number(page, first)
    page.keyboard.press("t")
    page.wait_for_selector("#log .event >> text=Lin Xiao took over")
    page.keyboard.press(";")
    page.keyboard.type("Credited")
    page.wait_for_selector("#macro-results button >> text=Credited soon")
    page.keyboard.press("Tab")
    # The list is drawn once more, as the last letter does: whoever stands on a macro goes on standing there.
    page.evaluate("""() => {
        document.activeElement.dataset.old = "";
        htmx.ajax("GET", document.querySelector("#choose-macro [name=q]").getAttribute("hx-get") + "?q=Credited", "#macro-results");
    }""")
    page.wait_for_selector("#macro-results button:not([data-old]) >> text=Credited soon")
    assert page.evaluate("document.activeElement.dataset.macro")
    page.keyboard.press("Enter")
    expect(page.locator("#composer textarea")).to_have_value(re.compile("credited within the hour"))
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".held [data-countdown]")
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(page.locator("#composer textarea")).to_have_value(re.compile("credited within the hour"))
    page.keyboard.type(" Promised.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".held")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.type("@2077 please have an eye on this one")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".msg.note >> text=please have an eye")
    page.wait_for_selector(".msg.mine[data-seq] >> text=Promised.")
    page.locator("#log").focus()
    page.keyboard.press("m")
    page.keyboard.type(second)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#thread >> text={second}")
    page.wait_for_selector(f"#log .event >> text=merged {first}")
    open_by_number(page, third)
    page.keyboard.press("s")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Limits")
    page.keyboard.press("Enter")
    page.wait_for_selector("#log .event >> text=split this off")
    page.keyboard.press("h")
    page.wait_for_selector("#thread >> text=Put aside until")
    page.goto("/desk/?view=open")
    page.keyboard.press("j")
    page.wait_for_selector("#composer")
    assert (
        system.manage(
            "from kefu.conversations.models import Message; print(Message.objects.filter(body__contains='Promised.', kind='agent').count())"
        ).strip()
        == "1"
    )


def test_two_agents_on_one_thread(system, at_the_desk):
    (number,) = numbers(system, 'print(write("duo@mail.example", "Who of you answers me?", "duo1").number)')
    lin = at_the_desk("lin", locale="en-GB")
    open_by_number(lin, number)
    emma = at_the_desk("emma", locale="en-GB")
    open_by_number(emma, number)
    emma.wait_for_selector("#here >> text=Lin Xiao is looking at this")
    lin.wait_for_selector("#here >> text=Emma is looking at this")
    emma.fill("#composer textarea", "")
    emma.locator("#composer textarea").press_sequentially("I will look")
    lin.wait_for_selector("#here >> text=Emma is writing an answer")
    lin.fill("#composer textarea", "It is mine.")
    lin.locator("#composer textarea").press("Control+Enter")
    emma.wait_for_selector(".msg.mine[data-seq] >> text=It is mine.")
    emma.locator("#composer textarea").press("Control+Enter")
    emma.wait_for_selector("#refused >> text=Lin Xiao has answered.")
    expect(emma.locator("#composer textarea")).to_have_value("I will look")
    emma.click("#refused button")
    emma.wait_for_selector(".held >> text=I will look")
    emma.click("[data-take-back]")
    expect(emma.locator("#composer textarea")).to_have_value("I will look")
    emma.reload()
    expect(emma.locator("#composer textarea")).to_have_value("I will look")


def test_what_one_writes_survives_the_thread_being_drawn_anew(system, at_the_desk):
    (number,) = numbers(system, 'print(write("redraw@mail.example", "Please answer", "rd1").number)')
    page = at_the_desk("lin", locale="en-GB")
    open_by_number(page, number)
    page.fill("#composer textarea", "half a sentence")
    page.evaluate("document.querySelector('[data-key=t]').click()")  # as if pressed a moment before
    page.wait_for_selector("#thread:not(:has([data-key=t]))")
    expect(page.locator("#composer textarea")).to_have_value("half a sentence")
    page.keyboard.type(" and the rest")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".held >> text=half a sentence and the rest")


def test_a_dialog_says_what_is_wrong_and_closes_when_all_is_well(system, at_the_desk):
    (number,) = numbers(system, 'print(write("ask@mail.example", "Please look at this", "ask1").number)')
    page = at_the_desk("lin", locale="en-GB", width=390, height=844)
    page.goto(f"/desk/?q={number}")
    page.wait_for_selector("#composer")
    page.locator("#log").focus()
    page.keyboard.press("o")
    page.fill("#ask-text", "Is this hash on chain?")
    page.click("#ask button.primary")
    page.wait_for_selector("#ask[open] >> text=Choose whom to ask.")
    expect(page.locator("#ask-text")).to_have_value("Is this hash on chain?")
    page.select_option("#ask-team", index=1)
    page.click("#ask button.primary")
    page.wait_for_selector("#log .event >> text=asked team")
    expect(page.locator("#ask[open]")).to_have_count(0)


def test_a_supervisor_answers_two_hundred_at_once_in_two_languages(system, at_the_desk):
    system.manage(
        WRITE
        + """
for n in range(200):
    language = "zh-hans" if n % 2 else "en"
    text = "提币一直没有到账" if n % 2 else "My withdrawal is stuck"
    write(f"storm{n}@mail.example", text, f"storm{n}", language=language, topic="withdrawals")
"""
    )
    page = at_the_desk("zhou", locale="en-GB")
    page.goto("/desk/incidents/")
    page.click("text=Open an incident")
    page.fill("[name=title-en]", "Withdrawals are delayed")
    page.fill("[name=title-zh-hans]", "提币延迟")
    page.select_option("[name=topic]", "withdrawals")
    page.click("main form button.primary")
    page.wait_for_url(re.compile(r"/incidents/\d+/"))
    address = page.url
    system.manage(
        "from kefu.conversations.models import Conversation; from kefu.incidents.models import Incident;"
        "Conversation.objects.filter(customer__identities__address__startswith='storm').update(incident=Incident.objects.latest('pk'))"
    )
    page.goto(address)
    page.wait_for_selector("text=200 linked conversations are open")
    page.fill("[name=answer-en]", "It is fixed: your withdrawal went out.")
    page.fill("[name=answer-zh-hans]", "已修复：你的提币已经发出。")
    page.click("text=Answer all")
    page.click("#confirm button[value=yes]")
    page.wait_for_url(address)
    talks = "SELECT id FROM conversations_conversation WHERE language"
    for _ in range(120):
        said = [
            system.count(
                "conversations_message", f"kind = 'agent' AND body LIKE '{words}%' AND conversation_id IN ({talks} = '{language}')"
            )
            for words, language in (("It is fixed", "en"), ("已修复", "zh-hans"))
        ]
        if said == [100, 100]:
            break
        page.wait_for_timeout(500)
    assert said == [100, 100]


def test_a_refused_question_becomes_an_article_that_the_bot_answers_from(system, window, at_the_desk):
    question = "can my parrot sign a withdrawal"
    system.manage(f"from kefu.knowledge.learn import propose; propose('unanswered', {question!r}, language='en')")
    page = at_the_desk("he", locale="en-GB")
    page.goto("/studio/worklist/")
    row = page.locator(".row", has_text=question)
    row.get_by_text("Write an article").click()
    page.fill("[name=slug]", "parrots")
    page.select_option("[name=topic]", "withdrawals")
    page.click("main form button.primary")
    page.wait_for_url(re.compile(r"/articles/\d+/"))
    page.fill("[name=summary]", "No. Only the owner of the account signs a withdrawal.")
    page.fill("[name=body]", "## Why\n\nAn account belongs to one person.")
    expect(page.locator("[name=questions]")).to_have_value(question)
    page.click("button[value=publish]")
    page.wait_for_selector("text=Readers and the assistant see it now")
    customer = window(390, 844, locale="en-GB")
    customer.goto("/en/chat/")
    customer.fill("#composer textarea", question)
    customer.keyboard.press("Enter")
    customer.wait_for_selector("text=Only the owner of the account signs a withdrawal.")
    page.goto("/studio/worklist/")
    expect(page.locator(".row", has_text=question)).to_have_count(0)


def test_actions_on_many_with_progress_and_undo(system, at_the_desk):
    system.manage(
        WRITE
        + """
for n in range(120):
    write(f"many{n}@mail.example", "one of very many", f"many{n}")
from kefu.conversations.models import Conversation
"""
    )
    page = at_the_desk("zhou", locale="en-GB")
    page.goto("/desk/?q=one+of+very+many")
    page.locator("#inbox li > a").first.focus()
    page.keyboard.press("x")
    page.check("[name=all]")
    page.select_option("#bulk-form select", "tag")
    page.fill("#bulk-form [name=value]", "storm-damage")
    page.click("#bulk-form button.primary")
    page.wait_for_selector("text=120 of 120", timeout=60_000)
    page.click("text=Undo")
    page.wait_for_selector("text=Undone", timeout=60_000)
    left = system.manage(
        "from kefu.conversations.models import Conversation; print(Conversation.objects.filter(tags__name='storm-damage').count())"
    )
    assert left.strip() == "0"
