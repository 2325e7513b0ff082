"""Customers sign in by six digits sent to their mailbox."""

import re

import pytest
from django.core import mail

from kefu.people.models import User

pytestmark = pytest.mark.django_db
PAGE = "/en/sign-in/"


@pytest.fixture
def ask(client):
    """Ask for a code as the form does, and read it from the mail."""

    def for_address(address="mia@mail.example", language="en"):
        client.get(f"/{language}/sign-in/")
        page = client.post(f"/{language}/sign-in/", {"email": address})
        assert page.status_code == 200, page.content
        return re.search(r"\d{6}", mail.outbox[-1].body)[0]

    return for_address


def test_the_first_time_makes_the_account_and_leads_to_the_tickets(client, ask):
    answer = client.post(PAGE, {"email": "Mia@mail.example", "code": ask("Mia@mail.example")}, follow=True)
    assert answer.request["PATH_INFO"] == "/en/conversations/"
    user = User.objects.get(email="mia@mail.example")
    assert not user.has_usable_password() and str(user.pk) == client.session["_auth_user_id"]


def test_the_second_time_is_the_same_account(client, ask):
    client.post(PAGE, {"email": "mia@mail.example", "code": ask()})
    client.logout()
    client.post(PAGE, {"email": "MIA@mail.example", "code": ask("MIA@mail.example")})
    assert User.objects.filter(email__iexact="mia@mail.example").count() == 1 and "_auth_user_id" in client.session


def test_mail_and_page_are_in_the_readers_language(client, ask):
    ask(language="zh-hans")
    assert "验证码" in mail.outbox[-1].subject and "分钟内有效" in mail.outbox[-1].body


def test_a_wrong_code_is_told_and_the_address_kept(client, ask):
    right = ask()
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    page = client.post(PAGE, {"email": "mia@mail.example", "code": wrong})
    assert page.status_code == 422 and "wrong or has expired" in page.content.decode() and "mia@mail.example" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_a_code_is_good_once_and_in_the_browser_that_asked(client, ask):
    from django.test import Client

    code = ask()
    stranger = Client()
    stranger.get(PAGE)
    assert stranger.post(PAGE, {"email": "mia@mail.example", "code": code}).status_code == 422
    assert client.post(PAGE, {"email": "mia@mail.example", "code": code}).status_code == 302
    client.logout()
    client.get(PAGE)
    assert client.post(PAGE, {"email": "mia@mail.example", "code": code}).status_code == 422


def test_guessing_ends_after_a_few_tries(client, ask):
    code = ask()
    for _ in range(5):
        client.post(PAGE, {"email": "mia@mail.example", "code": f"{(int(code) + 7) % 10**6:06d}"})
    assert client.post(PAGE, {"email": "mia@mail.example", "code": code}).status_code == 422


def test_staff_do_not_get_in_by_mail_alone(client, ask, make_agent):
    agent = make_agent("ann")
    page = client.post(PAGE, {"email": agent.user.email, "code": ask(agent.user.email)})
    assert page.status_code == 403 and "second factor" in page.content.decode() and "_auth_user_id" not in client.session


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, ask, onward):
    answer = client.post(PAGE, {"email": "mia@mail.example", "code": ask(), "next": onward})
    assert answer["Location"] == "/en/after-sign-in/"


def test_signing_in_leads_back_to_the_page_it_was_asked_on(client, ask):
    answer = client.post(PAGE, {"email": "mia@mail.example", "code": ask(), "next": "/en/lookup/verification/"})
    assert answer["Location"] == "/en/lookup/verification/"


def test_no_address_and_too_many_codes_are_told(client):
    client.get(PAGE)
    assert client.post(PAGE, {"email": "not an address"}).status_code == 422
    for _ in range(5):
        client.post(PAGE, {"email": "mia@mail.example"})
    page = client.post(PAGE, {"email": "mia@mail.example"})
    assert page.status_code == 429 and "Too many codes" in page.content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_the_pages_for_staff_are_ours(client, path):
    assert 'class="brand"' in client.get(path).content.decode()
