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
    page.click("text=Open the ticket")
    return number


def test_a_guest_reports_and_the_story_fills_the_form(window, system):
    page = window(390, 844)
    number = report(page, system)
    page.wait_for_selector(f"text={number}")
    facts = page.inner_text("aside dl.facts")
    assert "USDT" in facts and "500" in facts and "Tron (TRC-20)" in facts


def test_a_customer_sees_that_a_transfer_resolves_itself_and_sends_nothing(window, system):
    txid = system.manage("from kefu.exchange.sandbox import txid_of; print(txid_of('10000001', 'deposit', 'Tron (TRC-20)'))")
    page = window(1440, 900)
    page.goto("/accounts/login/code/")
    system.manage(
        "from kefu.people.models import User; User.objects.get_or_create(email='confirming@customers.example', defaults={'is_active': True})"
    )
    system.manage(
        "from allauth.account.models import EmailAddress; from kefu.people.models import User; u = User.objects.get(email='confirming@customers.example');"
        "EmailAddress.objects.get_or_create(user=u, email=u.email, defaults={'verified': True, 'primary': True})"
    )
    page.fill("[name=email]", "confirming@customers.example")
    page.click("main form button")
    page.wait_for_selector("[name=code]")
    code = re.search(r"\n([A-Z0-9-]{6,9})\n", latest_mail(system, "confirming@customers.example"))[1]
    page.fill("[name=code]", code)
    page.click("main form button")
    page.wait_for_url("**/conversations/**")
    page.goto("/en/tickets/new/deposits/")
    page.fill("[name=f_txid]", txid)
    page.wait_for_selector("#found >> text=12 / 20")
    assert "need not send a ticket" in page.inner_text("#found")


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
