"""axe finds nothing, on every kind of page, in light and dark, on desks and phones; and no page is wider than its window."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.server]
PUBLIC = ["/zh-hans/", "/en/", "/en/topics/", "/en/topics/deposits/", "/zh-hans/articles/deposit-not-credited/", "/en/search/?q=deposit", "/en/search/?q=zzzz",
          "/en/announcements/", "/en/glossary/", "/en/contact/", "/en/verify/?q=2041", "/en/conversations/", "/zh-hans/chat/", "/accounts/login/",
          "/accounts/login/code/", "/en/tickets/new/", "/zh-hans/tickets/new/deposits/", "/accounts/signup/", "/demo-site/", "/en/nothing-here/"]  # fmt: skip
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
    "/studio/worklist/",
    "/desk/mailboxes/",
    "/desk/mailboxes/new/",
    "/studio/",
    "/studio/articles/new/",
    "/studio/articles/1/",
]


def look(page, path, width):
    page.goto(path)
    page.wait_for_timeout(150)
    found = Axe().run(page).response["violations"]
    told = [
        f"{path}: {v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0]['any'][0]['message'][:160] if v['nodes'][0]['any'] else ''}"
        for v in found
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        told.append(f"{path}: {wide} px wide in a window of {width}")
    return told


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_public_pages(window, scheme, width):
    page = window(width, 900, color_scheme=scheme)
    assert not [problem for path in PUBLIC for problem in look(page, path, width)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pages_for_staff(at_the_desk, window, scheme, width):
    talker = window(390, 844)
    talker.goto("/en/chat/")
    talker.fill("#composer textarea", "I want a human")
    talker.keyboard.press("Enter")
    talker.wait_for_selector("#queue")
    page = at_the_desk("admin", width=width, color_scheme=scheme)
    problems = [problem for path in STAFF for problem in look(page, path, width)]
    page.goto("/desk/?view=open")
    page.goto(page.locator("#inbox li a").first.get_attribute("href"))
    problems += look(page, page.url, width)
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
