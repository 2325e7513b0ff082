"""Looking it up oneself: everybody may ask, only the owner is told."""

import pytest

from kefu.channels.webchat.adapter import Sender
from kefu.exchange.sandbox import Sandbox
from kefu.people.identify import identify
from kefu.people.models import Identity
from kefu.web.visitor import COOKIE, make_token


@pytest.fixture
def story(db, settings):
    """A deposit of the fictional exchange, and the visitor cookie of its owner."""
    from kefu.exchange.sandbox import _stories

    uid = next(uid for uid, story in _stories().items() if "deposit" in story)
    who = identify(Identity.Kind.EXCHANGE, uid, name="Owner", language="en")
    who.proof = Identity.Proof.HOST_SITE
    who.save()
    who.customer.exchange_uid = uid
    who.customer.save()
    deposit = Sandbox().activity(uid).value.deposits[0]
    return deposit, make_token(Sender(Identity.Kind.EXCHANGE, uid))


def test_the_owner_sees_the_deposit(client, story):
    deposit, token = story
    client.cookies[COOKIE] = token
    page = client.get("/en/lookup/deposit/", {"txid": deposit.txid}).content.decode()
    assert f"{deposit.amount:f} {deposit.coin}" in page


def test_a_guest_learns_nothing_but_that_signing_in_would_help(client, story):
    deposit, _ = story
    page = client.get("/en/lookup/deposit/", {"txid": deposit.txid}).content.decode()
    assert "Sign in, and you see at once" in page
    assert f"{deposit.amount:f} {deposit.coin}" not in page.split('id="found"')[1].split("</nav>")[0]


@pytest.mark.parametrize("typed", ["hello", "0xabc", "<script>alert(1)</script>"])
def test_what_is_no_hash_is_said_to_be_none_and_given_back(client, db, typed):
    page = client.get("/en/lookup/withdrawal/", {"txid": typed}).content.decode()
    assert "This is no transaction hash" in page
    assert "<script>alert(1)" not in page


def test_the_identity_check_is_for_its_owner(client, story):
    _, token = story
    assert "Sign in to see it" in client.get("/en/lookup/verification/").content.decode()
    client.cookies[COOKIE] = token
    page = client.get("/en/lookup/verification/").content.decode()
    assert "Identity verification" in page and "Sign in to see it" not in page


def test_there_are_three_lookups_and_no_others(client, db):
    assert client.get("/en/lookup/balance/").status_code == 404


def test_htmx_gets_the_finding_alone(client, db):
    answer = client.get("/en/lookup/deposit/", {"txid": "nonsense"}, headers={"HX-Request": "true"}).content
    assert b"<html" not in answer and b"no transaction hash" in answer
