"""A ticket's whole way in the browser: reported by a guest, answered at the desk, reopened, passed up, rated, kept."""

import re
import time

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.server]
TXID = "7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"


def latest_mail(system, address, words=""):
    """The newest mail to an address that holds these words, as the file in which it lies says it."""
    for _ in range(100):
        found = sorted((system.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
        texts = [path.read_text("utf-8", "replace") for path in found]
        if mine := [text for text in texts if address in text and words in text]:
            return mine[-1]
        time.sleep(0.1)
    raise AssertionError("no mail came")


def code_for(system, address):
    return re.search(r"\b(\d{6})\b", latest_mail(system, address).split("\n\n", 1)[0])[1]


def report(page, system, address="mia@mail.example"):
    page.goto("/en/tickets/new/deposits/")
    page.fill("[name=text]", f"I sent 500 USDT over TRC20 and it is missing, {TXID}")
    expect(page.locator("[name=f_txid]")).to_have_value(TXID, timeout=30_000)
    page.fill("[name=email]", address)
    page.click("text=Send code")
    page.wait_for_selector("#code-sent .ok-ink")
    page.fill("[name=code]", code_for(system, address))
    page.click("form[data-upload-url] button.primary")
    page.wait_for_url("**/sent/")
    number = re.search(r"BC-\d\d-\d+-\d", page.inner_text("main"))[0]
    assert not page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kefu-draft:ticket:'))"), "it was sent"
    page.click("text=Open the ticket")
    return number


def test_a_guest_reports_and_the_story_fills_the_form(window, system):
    page = window(390, 844)
    number = report(page, system)
    page.wait_for_selector(f"text={number}")
    facts = page.inner_text("aside dl.facts")
    assert "USDT" in facts and "500" in facts and "Tron (TRC-20)" in facts


def sign_in(page, system, address):
    """A customer comes back by a code to the mailbox."""
    page.goto("/en/sign-in/")
    page.fill("main [name=email]", address)
    page.click("main form button.primary")
    page.wait_for_selector("[name=code]")
    page.fill("[name=code]", code_for(system, address))
    page.click("main form button.primary")
    page.wait_for_url("**/conversations/**")


def txid_of(system, uid, network):
    return system.manage(f"from kefu.exchange.sandbox import txid_of; print(txid_of('{uid}', 'deposit', '{network}'))")


def test_a_customer_sees_that_a_transfer_resolves_itself_and_only_wants_to_be_told(window, system, at_the_desk):
    txid = txid_of(system, "10000001", "Tron (TRC-20)")
    page = window(1440, 900)
    sign_in(page, system, "confirming@customers.example")
    page.goto("/en/tickets/new/deposits/")
    page.fill("[name=f_txid]", txid)
    page.wait_for_selector("#found >> text=12 / 20")
    assert "need not send a ticket" in page.inner_text("#found")
    page.click("#found >> text=Tell me when it changes")
    page.wait_for_url("**/sent/")
    assert "We watch 500 USDT" in page.inner_text("main")
    number = re.search(r"BC-\d\d-\d+-\d", page.inner_text("main"))[0]
    agent = at_the_desk("lin", locale="en-GB")
    agent.goto(f"/desk/?q={number}")
    agent.wait_for_selector("#context >> text=Waits for")
    agent.click("#mentions button")
    agent.wait_for_selector("#mentions >> text=12 / 20")
    page.click("text=Open the ticket")
    page.click("text=Do not wait, let a person look")
    page.wait_for_selector("text=A person looks at it")
    assert page.locator("text=Do not wait, let a person look").count() == 0


def test_the_assistant_says_from_the_account_why_the_identity_check_failed(window, system):
    page = window(390, 844, color_scheme="dark")
    sign_in(page, system, "kyc-blurry@customers.example")
    page.goto("/en/chat/")
    page.fill("#composer textarea", "Why was my KYC rejected?")
    page.keyboard.press("Enter")
    page.wait_for_selector(".msg >> text=I looked it up in your account")
    said = page.inner_text(".log")
    assert "rejected" in said and "blurred" in said and "new photos of the document" in said


def test_a_guest_proves_the_account_by_a_code_from_the_app_and_the_desk_sees_how_surely(window, system, at_the_desk):
    customer = window(390, 844)
    number = report(customer, system, "una@mail.example")
    app = window(800, 600)
    app.goto("/demo-site/")
    code = app.locator("tr:has-text('10000002') b").inner_text()
    customer.click("summary >> text=By a code from the app")
    customer.fill("#proof-uid", "10000002")
    customer.fill("#proof-code", "000000" if code != "000000" else "111111")
    customer.click("#proof button")
    customer.wait_for_selector("text=This code does not fit")
    customer.fill("#proof-code", code)
    customer.click("#proof button")
    customer.wait_for_selector("text=Your account is proven here since")
    customer.fill("#reply-text", "That is me")
    customer.click("form[action$='replies/'] button")
    customer.wait_for_selector("text=That is me")
    agent = at_the_desk("lin", locale="en-GB")
    agent.goto(f"/desk/?q={number}")
    agent.wait_for_selector("#context >> text=Confirmed by a code in the app")
    assert agent.locator("#log .tag", has_text="Confirmed by a code in the app").count() == 1
    assert agent.locator("#log .tag", has_text="Controls the mailbox").count() == 1


def test_a_deposit_on_the_wrong_network_is_warned_of_missed_and_passed_up_to_a_specialist(window, system, at_the_desk):
    customer = window(1440, 900)
    txid = txid_of(system, "10000003", "BNB Smart Chain (BEP-20)")
    sign_in(customer, system, "wrong-network@customers.example")
    customer.goto("/en/tickets/new/deposits/")
    customer.fill("[name=text]", "I sent 3000 USDT by BEP20 to my Tron address")
    customer.fill("[name=f_txid]", txid)
    customer.wait_for_selector("#found >> text=A specialist must look at it")
    customer.fill("[name=f_coin]", "USDT")
    customer.fill("[name=f_network]", "BNB Smart Chain (BEP-20)")
    customer.fill("[name=f_amount]", "3000")
    customer.click("form[data-upload-url] button.primary")
    customer.wait_for_url("**/sent/")
    number = re.search(r"BC-\d\d-\d+-\d", customer.inner_text("main"))[0]
    customer.click("text=Open the ticket")
    lead = at_the_desk("zhou", locale="en-GB")
    lead.goto(f"/desk/?q={number}")
    lead.wait_for_selector("#context >> text=First reply")
    assert "about 3,000 USD at risk" in lead.inner_text("#context")
    watch = "from kefu.wiring import connect; connect()\nfrom kefu.sla.watch import watch; watch()"
    rows = f"from datetime import timedelta; from django.utils.timezone import now; from kefu.sla.models import Clock\nrows = Clock.objects.filter(conversation__number='{number}', kind='first_reply')\n"
    system.manage(f"{rows}rows.update(warn_at=now(), due_at=now() + timedelta(minutes=9))\n{watch}")
    lead.wait_for_selector("#log >> text=A promise is at risk")
    system.manage(f"{rows}rows.update(due_at=now() - timedelta(minutes=1))\n{watch}")
    lead.wait_for_selector("#log >> text=A promise was missed")
    customer.reload()
    customer.wait_for_selector("text=We are later than we promised")
    customer.click("summary >> text=Not satisfied")
    customer.fill("#escalation-reason", "It is a lot of money")
    customer.click("text=Pass it up")
    customer.wait_for_selector("text=Passed on to: Specialist.")
    lead.wait_for_selector("#log >> text=Passed up to: Specialist")
    lead.reload()
    assert "answer by" in lead.inner_text("#context")


def test_answered_extended_reopened_passed_up_rated_and_kept(window, system, at_the_desk):
    customer = window(1440, 900)
    number = report(customer, system, "eva@mail.example")
    agent = at_the_desk("lin", locale="en-GB")
    agent.goto(f"/desk/?q={number}")
    agent.wait_for_selector("#log")
    promises = agent.inner_text("#context")
    assert "First reply" in promises and "left" in promises
    agent.fill("#composer textarea", "It was credited just now.")
    agent.keyboard.press("Control+Enter")
    agent.wait_for_selector(".msg.mine >> text=It was credited just now.")
    agent.click("button[value=solved]")
    agent.wait_for_selector("button[value=reopened]")

    customer.reload()
    customer.wait_for_selector("text=It was credited just now.")
    assert latest_mail(system, "eva@mail.example", "just now")
    customer.fill("#reply-text", "No, still missing")
    customer.set_input_files("input[name=file]", {"name": "log.txt", "mimeType": "text/plain", "buffer": b"some lines"})
    customer.click("form[action$='replies/'] button")
    customer.wait_for_selector("text=log.txt")
    customer.click("summary >> text=Not satisfied")
    customer.fill("#escalation-reason", "The answer was wrong")
    customer.click("text=Pass it up")
    customer.wait_for_selector("text=Passed on to: Specialist.")
    for form in ("html", "pdf", "json"):
        link = customer.get_attribute(f"a[href$='transcript.{form}']", "href")
        assert customer.request.get(link).status == 200

    agent.goto(f"/desk/?q={number}")
    agent.wait_for_selector("#log >> text=Passed up to: Specialist")
    agent.click("button[value=solved]")
    agent.wait_for_selector("button[value=reopened]")
    customer.reload()
    customer.check("input[name=score][value='2']")
    customer.select_option("#rating-reason", "slow")
    customer.click("text=Send the rating")
    customer.wait_for_selector("text=Your rating")
    agent.reload()
    assert "2/5" in agent.inner_text("#context")


def test_a_missed_promise_is_passed_up_by_itself(window, system, at_the_desk):
    customer = window(1440, 900)
    number = report(customer, system, "sam@mail.example")
    system.manage(
        "from datetime import timedelta; from django.utils.timezone import now; from kefu.sla.models import Clock\n"
        f"Clock.objects.filter(conversation__number='{number}', kind='first_reply').update(warn_at=now(), due_at=now() - timedelta(minutes=1))\n"
        "from kefu.wiring import connect; from kefu.sla.watch import watch; print(watch())"
    )
    lead = at_the_desk("zhou", locale="en-GB")
    lead.goto(f"/desk/?q={number}")
    lead.wait_for_selector("#log >> text=A promise was missed")
    assert "a promised time was missed" in lead.inner_text("#context")
    customer.reload()
    customer.wait_for_selector("text=We are later than we promised")


def test_in_the_chat_a_mailbox_is_proven_in_its_place_and_nothing_typed_is_lost(window, system):
    page = window(390, 844, locale="en", color_scheme="dark")
    address = "confirming@customers.example"
    page.goto("/en/chat/")
    page.fill("#composer [name=text]", "hello")
    page.keyboard.press("Enter")
    page.wait_for_selector(".log [data-kind=bot]")
    page.click(".drop-menu > summary")
    page.click("form[action$='/proof/'] >> text=Prove that it is you")
    page.wait_for_selector("[data-proof]")
    page.fill("#composer [name=text]", "half a sentence")
    page.focus("[data-proof] summary")
    for key in ("Enter", "Tab"):  # by keyboard alone
        page.keyboard.press(key)
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    expect(page.locator("[data-step] [name=code]")).to_be_focused()
    page.keyboard.type("000")
    page.evaluate("document.querySelector('[data-person]').click()")  # meanwhile the window is made anew: it says something else
    page.wait_for_selector("[data-what=queued], [data-what=message_left], #queue")
    expect(page.locator("[data-proof]")).to_have_count(1)
    expect(page.locator("[data-step] [name=code]")).to_have_value("000")
    page.fill("[data-step] [name=code]", code_for(system, address))
    page.press("[data-step] [name=code]", "Enter")
    page.wait_for_selector("[data-what=proven]")
    expect(page.locator("[data-proof]")).to_be_hidden()
    expect(page.locator("#composer [name=text]")).to_have_value("half a sentence")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
