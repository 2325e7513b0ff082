"""Passkeys in a real browser, with an authenticator that it plays itself: made, used alone and as second factor, renamed, removed."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.server]
PASSWORD = "a quiet harbour 7"


@pytest.fixture
def page(window, system):
    """At localhost: a passkey belongs to a name, and an IP address is none. The staff of the other journeys stays without."""
    system.manage(
        "from kefu.people.staff import create_agent\n"
        f"create_agent('passkey@beichen.example', '{PASSWORD}', name='Pia', role='agent', badge='7700')"
    )
    page = window(390, 844, locale="en-US")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "automaticPresenceSimulation": True,
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.device = lambda present: devices.send(
        "WebAuthn.setUserVerified", {"authenticatorId": added["authenticatorId"], "isUserVerified": present}
    )
    page.home = f"http://localhost:{system.port}"
    page.goto(f"{page.home}/accounts/login/?next=/desk/macros/")
    return page


def by_password(page):
    page.fill("[name=login]", "passkey@beichen.example")
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button[type=submit]")


def sign_out(page):
    page.goto(f"{page.home}/accounts/logout/")
    page.click("main form button.primary")
    page.wait_for_url("**/en/**")


def test_a_passkey_is_made_used_alone_and_as_second_factor_and_removed(page):
    by_password(page)
    page.wait_for_url(f"{page.home}/desk/macros/")
    page.goto(f"{page.home}/accounts/2fa/")
    page.click("main >> text=Add a passkey")
    page.fill("[name=password]", PASSWORD)  # it asks once more who is there
    page.click("main button.primary")
    page.wait_for_url("**/2fa/passkeys/add/")
    page.fill("[name=name]", "My laptop")
    page.click("text=Add it")
    page.wait_for_url("**/recovery-codes/")
    assert page.locator("#codes li").count() == 10
    page.goto(f"{page.home}/accounts/2fa/passkeys/")
    assert "My laptop" in page.inner_text("main") and "Also without password" in page.inner_text("main")

    sign_out(page)
    page.goto(f"{page.home}/accounts/login/?next=/desk/macros/")
    page.device(False)
    page.click("text=Sign in with a passkey")
    page.wait_for_selector("[data-passkey-error]:visible")
    page.device(True)
    page.click("text=Sign in with a passkey")
    page.wait_for_url(f"{page.home}/desk/macros/")

    sign_out(page)
    page.goto(f"{page.home}/accounts/login/")
    by_password(page)
    page.click("text=Use a passkey")
    page.wait_for_url("**/desk/")

    page.goto(f"{page.home}/accounts/2fa/passkeys/")
    page.click("main .row >> text=Remove")
    page.click("text=With a passkey")  # the password would do, too
    page.click("text=Use a passkey")
    page.click("main button.danger")
    page.wait_for_selector("text=No passkey yet")
    sign_out(page)
    page.goto(f"{page.home}/accounts/login/")
    by_password(page)
    page.wait_for_url("**/desk/")
