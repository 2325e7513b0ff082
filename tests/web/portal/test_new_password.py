"""Staff who forgot their password: pages and mails in our own words, in the reader's language, that tell a stranger nothing."""

import re

import pytest
from django.core import mail

RESET = "/accounts/password/reset/"
WORDS = {
    "en": {"sent": "If there is an account", "subject": "Choose a new password", "used": "does not work any more", "unknown": "No account"},
    "zh-hans": {"sent": "如果这个地址有账户", "subject": "设置新密码", "used": "已失效", "unknown": "没有使用这个地址的账户"},
}


@pytest.fixture(params=list(WORDS))
def told(request, client):
    client.cookies["kefu_language"] = request.param
    return WORDS[request.param]


def ask(client, address):
    return client.post(RESET, {"email": address}, follow=True).content.decode()


def test_the_link_of_the_mail_sets_a_password_once_and_ends_other_sessions(client, make_agent, told, settings):
    agent = make_agent("ann")
    other = type(client)()
    other.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    assert told["sent"] in ask(client, agent.user.email)
    sent = mail.outbox[-1]
    assert told["subject"] in sent.subject and "Hello from" not in sent.body and sent.to == [agent.user.email]
    link = re.search(r"https?://[^/]+(/\S+)", sent.body)[1]
    form = client.get(link, follow=True)
    assert 'class="input"' in form.content.decode()
    address = form.redirect_chain[-1][0]
    weak = client.post(address, {"password1": "password12", "password2": "password12"})
    assert weak.status_code == 200 and 'aria-invalid="true"' in weak.content.decode()
    client.post(address, {"password1": "a quiet heron at dusk", "password2": "a quiet heron at dusk"})
    agent.user.refresh_from_db()
    assert agent.user.check_password("a quiet heron at dusk")
    assert other.get("/desk/").status_code == 302
    client.logout()
    client.cookies["kefu_language"] = "en" if told is WORDS["en"] else "zh-hans"
    assert told["used"] in client.get(link, follow=True).content.decode()


def test_an_address_without_an_account_gets_the_same_page_and_its_owner_learns_why(client, db, told):
    assert told["sent"] in ask(client, "nobody@staff.example")
    assert told["unknown"] in mail.outbox[-1].subject and "sign up" not in mail.outbox[-1].body
