"""The shield in the browser: what looks like a secret is seen by its owner before it leaves the machine."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]
ENGLISH = "legal winner thank year wave sausage worth useful legal winner thank yellow"
CHINESE = "的一是在不了有和人这中大"  # the first twelve words of the list in a row: plain to see, whatever the checksum


@pytest.fixture
def leaving(window):
    """leaving(path) opens a page and returns it with the list of everything that leaves it from now on."""

    def open_page(path, **options):
        page = window(390, 844, **options)
        page.goto(path)
        page.wait_for_load_state("networkidle")
        left = []
        page.on("request", lambda request: left.append(f"{request.url} {request.post_data or ''}"))
        return page, left

    return open_page


def test_a_seed_phrase_does_not_leave_the_chat_and_the_rest_does(leaving):
    page, left = leaving("/en/chat/")
    page.fill("#composer textarea", f"my wallet is empty, the phrase is {ENGLISH} and nobody answers")
    page.keyboard.press("Enter")
    page.wait_for_selector(".shield")
    assert "has not left this device" in page.inner_text(".shield")
    assert not [one for one in left if "sausage" in one]
    page.click(".shield button.danger")
    page.wait_for_selector(".msg.mine[data-seq]")
    assert "12 words covered" in page.inner_text(".msg.mine[data-seq]")
    assert not [one for one in left if "sausage" in one]
    assert page.evaluate("!JSON.stringify(localStorage).includes('sausage')")


def test_words_are_sent_when_the_window_is_drawn_anew_while_they_are_looked_at(window):
    page = window(390, 844, locale="en-GB")
    page.route("**/shield-rules*.js", lambda route: (page.wait_for_timeout(800), route.continue_()))
    page.goto("/en/chat/")
    page.wait_for_selector("body[data-ready]")
    page.fill("#composer textarea", "Where does my deposit stand?")
    page.evaluate("document.getElementById('composer').dataset.old = ''")
    page.keyboard.press("Enter")
    page.evaluate("document.dispatchEvent(new Event('live-gap'))")
    page.wait_for_selector("#composer:not([data-old])")
    assert page.evaluate("document.activeElement.name") == "text", "one writes on where one was"
    page.wait_for_selector(".msg.mine[data-seq] >> text=Where does my deposit stand?")
    assert page.input_value("#composer textarea") == ""


def test_enter_is_not_lost_while_the_script_is_still_on_its_way(window):
    page = window(390, 844, locale="en-GB")
    held = []
    page.route("**/talk*.js", lambda route: held.append(route))
    page.goto("/en/chat/", wait_until="commit")
    page.wait_for_selector("#composer")
    page.fill("#composer textarea", "Where does my deposit stand?")
    page.press("#composer textarea", "Enter")
    assert not page.evaluate("'ready' in document.body.dataset")
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.wait_for_selector(".msg.mine[data-seq] >> text=Where does my deposit stand?")
    assert page.input_value("#composer textarea") == ""
    assert page.locator(".msg.mine").count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "1. legal\n2. winner\n3. thank\n4. year\n5. wave\n6. sausage\n7. worth\n8. useful\n9. legal\n10. winner\n11. thank\n12. yellow",
        " ".join(CHINESE),
        "我的私钥：0x4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318",
        "5KYZdUEo39z3FPrtuX2QbbwGnNP5zTd7yyr2SC1j299sBCnWjss",
        "my password is Sommer2024!",
        "验证码是 482913",
    ],
)
def test_other_secrets_are_seen_too_and_their_owner_may_change_the_text(leaving, typed):
    page, left = leaving("/en/chat/")
    page.fill("#composer textarea", typed)
    page.click("#composer .btn.primary")
    page.wait_for_selector(".shield")
    page.click(".shield button:nth-of-type(2)")
    assert page.input_value("#composer textarea") == typed
    assert not [one for one in left if "/messages/" in one]


@pytest.mark.parametrize(
    "typed",
    [
        "充值两个小时了还没到账，交易哈希 7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3",
        "我的提现一直在审核中怎么办呢",
        "I forgot my password, what can I do about it now?",
        "order 4821930021934 was not filled at 65000.5",
    ],
)
def test_ordinary_questions_are_sent_at_once(leaving, typed):
    page, _ = leaving("/en/chat/")
    page.fill("#composer textarea", typed)
    page.click("#composer .btn.primary")
    page.wait_for_selector(".msg.mine[data-seq]")


def test_suggestions_are_not_asked_for_a_secret(leaving):
    page, left = leaving("/en/")
    page.locator(".search input").press_sequentially(ENGLISH, delay=5)
    page.wait_for_timeout(700)
    page.keyboard.press("Enter")
    page.wait_for_selector(".shield")
    assert not [one for one in left if "yellow" in one]


def test_whoever_says_that_it_is_none_is_believed_and_the_server_looks_again(leaving):
    page, _ = leaving("/en/chat/")
    page.fill("#composer textarea", ENGLISH)
    page.keyboard.press("Enter")
    page.click(".shield button.quiet")
    page.wait_for_selector(".advice[data-seq]")
    assert "sausage" not in page.inner_text(".log")


def test_a_draft_with_a_secret_is_not_kept_on_the_device(leaving):
    page, _ = leaving("/en/tickets/new/deposits/")
    page.fill("textarea[name=text]", f"help me {ENGLISH}")
    page.wait_for_timeout(1200)
    assert page.evaluate("!JSON.stringify(localStorage).includes('sausage')")
