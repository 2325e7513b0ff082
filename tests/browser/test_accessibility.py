"""axe finds nothing, on every kind of page, in light and dark, on desks and phones; and no page is wider than its window."""

from importlib.resources import files

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
PUBLIC = ["/zh-hans/", "/en/", "/en/topics/", "/en/topics/deposits/", "/zh-hans/articles/deposit-not-credited/", "/en/search/?q=deposit", "/en/search/?q=zzzz",
          "/en/announcements/", "/en/glossary/", "/en/contact/", "/en/verify/?q=2041", "/en/conversations/", "/zh-hans/chat/", "/accounts/login/",
          "/zh-hans/sign-in/", "/accounts/password/reset/", "/en/lookup/deposit/?txid=abc", "/en/lookup/verification/", "/zh-hans/articles/first-steps/",
          "/en/articles/deposit-step-by-step/", "/zh-hans/articles/api-signature-invalid/", "/en/articles/who-holds-the-key/?path=first-steps", "/en/academy/",
          "/en/errors/?q=4000", "/en/errors/?q=zzzz", "/zh-hans/verify/?q=t.me/beichen_vip", "/en/verify/?q=x.com/beichen", "/en/numbers/",
          "/en/announcements/listing-lark/", "/offline/", "/components/", "/en/tickets/new/", "/zh-hans/tickets/new/deposits/", "/accounts/signup/", "/demo-site/", "/en/nothing-here/"]  # fmt: skip
STAFF = [
    "/desk/",
    "/desk/?view=open",
    "/desk/?q=status:new",
    "/desk/board/",
    "/desk/reports/",
    "/desk/incidents/",
    "/desk/incidents/new/",
    "/desk/macros/",
    "/desk/macros/new/",
    "/desk/rules/",
    "/desk/rules/new/",
    "/desk/reviews/",
    "/desk/approvals/",
    "/desk/tickets/new/?topic=deposits",
    "/studio/worklist/",
    "/desk/mailboxes/",
    "/desk/mailboxes/new/",
    "/desk/staff/",
    "/desk/staff/new/",
    "/desk/staff/1/",
    "/desk/staff/teams/new/",
    "/studio/",
    "/studio/articles/new/",
    "/studio/articles/1/",
    "/studio/things/announcements/",
    "/studio/things/announcements/listing-lark/",
    "/studio/things/terms/new/",
    "/studio/things/topics/deposits/",
    "/studio/things/flows/earn/",
    "/studio/things/contacts/",
    "/studio/things/calendars/office/",
    "/accounts/2fa/totp/activate/",
]


LOOKS = [(1440, "light", False), (1440, "dark", True), (390, "dark", False)]  # whether contrast alone is looked at
# Colours that are still on their way from light to dark are nobody's contrast.
STILL = """() => {
    const still = new CSSStyleSheet();
    still.replaceSync("*, *::before, *::after { transition: none !important; animation: none !important }");
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, still];
}"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


def looked_at(page, where):
    """What is wrong with a page that is open, in both widths and both schemes.

    Names, roles and order do not depend on colours: they are looked at once a width, contrast in three looks; a phone by day shows
    nothing that one by night and a desk by day do not.
    """
    told = []
    page.evaluate(STILL)
    for width, scheme, contrast in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(50)
        told += [f"{where} ({width} px, {scheme}): {problem}" for problem in axe(page, CONTRAST if contrast else {})]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            told.append(f"{where}: {wide} px wide in a window of {width}")
    return told


def axe(page, options):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run(options).then(({violations}) => violations)", options)
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]} {[why['message'][:160] for why in v['nodes'][0]['any'][:1]]}" for v in found]


def look(page, path, ready="body"):
    page.goto(path)
    page.wait_for_selector(ready)
    return looked_at(page, path)


def test_public_pages(window):
    page = window(1440, 900)
    assert not [problem for path in PUBLIC for problem in look(page, path)]


def test_pages_for_staff(at_the_desk, window):
    talker = window(390, 844)
    talker.goto("/en/chat/")
    talker.fill("#composer textarea", "I want a human")
    talker.keyboard.press("Enter")
    talker.wait_for_selector("#queue")
    page = at_the_desk("admin")
    problems = [problem for path in STAFF for problem in look(page, path)]
    page.goto("/desk/?view=open")
    problems += look(page, page.locator("#inbox li a").first.get_attribute("href"), "#log")
    assert not problems


TICKET = """
from django.utils.translation import override
from kefu.channels.form.adapter import parse
from kefu.conversations.links import status_address
from kefu.conversations.prove import ask_for_proof
from kefu.conversations.receive import receive
from kefu.conversations.sleep import sleep
from kefu.exchange.sandbox import txid_of
from kefu.people.identify import confirm, identify
from kefu.people.models import Identity
from kefu.wiring import connect
connect()
address, txid = "confirming@customers.example", txid_of("10000001", "deposit", "Tron (TRC-20)")
confirm(identify("email", address), Identity.Proof.MAILBOX)
text = f"where is {txid}, order 1234567890, error code 50111, to 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3"
talk = receive(parse("email", address, topic="deposits", text=text, key="everything", fields={}, language="en")).conversation
if not talk.watches.exists():
    sleep(talk, kind="transfer", subject=txid)
    ask_for_proof(talk)
for language in ("en", "zh-hans"):
    with override(language):
        print(status_address(talk))
print(talk.uid)
"""


def test_a_ticket_with_cards_a_watch_and_a_proof_that_was_asked_for(at_the_desk, window, system):
    *pages, uid = system.manage(TICKET).splitlines()[-3:]
    page = window(1440, 900)
    problems = [problem for path in pages for problem in look(page, path, "text=12 / 20")]
    desk = at_the_desk("lin")
    desk.goto(f"/desk/{uid}/")
    desk.click("#mentions button")
    desk.wait_for_selector("#mentions >> text=12 / 20")
    problems += looked_at(desk, "a ticket with cards at the desk")
    page.goto("/en/chat/")
    page.fill("#composer textarea", "hello")
    page.keyboard.press("Enter")
    page.wait_for_selector(".msg.mine[data-seq]")
    page.click("header details summary")
    page.click("header details >> text=Prove that it is you")
    page.wait_for_selector("[data-proof]")
    problems += looked_at(page, "the chat's form for the code")
    assert not problems


def test_the_front_page_is_light(window):
    page = window(1440, 900)
    sizes = []

    def count(response):
        if response.status == 200 and not response.url.startswith("data:"):
            sizes.append(response.request.sizes()["responseBodySize"])

    page.on("requestfinished", lambda request: count(request.response()))
    page.goto("/zh-hans/", wait_until="networkidle")
    assert 5_000 < sum(sizes) < 60 * 1024, sizes
