"""The contract of the port, kept by the sandbox, by the HTTP adapter against a double, and by the example server."""

import logging
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from kefu.cli import exchange as exchange_command
from kefu.exchange import http, rights
from kefu.exchange.http import HttpExchange
from kefu.exchange.openapi import document
from kefu.exchange.port import Account, Activity, NotFound, Transaction, Unavailable
from kefu.exchange.sandbox import Sandbox, _stories, address_of, code_of, signature_of
from kefu.exchange.wire import BadAnswer, from_plain, to_plain
from kefu.text import entities

sys.path.insert(0, str(Path(__file__).parent))

from double import KEY, SECRET, Double


@pytest.fixture
def double():
    made = Double()
    yield made
    made.close()


@pytest.fixture(params=["sandbox", "http"])
def port(request, double):
    return Sandbox() if request.param == "sandbox" else HttpExchange(double.url, KEY, SECRET)


def test_accounts_are_found_by_uid_and_by_registered_mailbox(port):
    found = port.account("10000019").value
    assert (found.kyc.state, found.kyc.reason, found.kyc.missing) == ("rejected", "document_blurry", ("document",))
    assert port.uid_of(found.email).value == "10000019"


@pytest.mark.parametrize(
    "ask",
    [
        lambda p: p.account("99999999"),
        lambda p: p.uid_of("nobody@mail.example"),
        lambda p: p.transaction("ab" * 32),
        lambda p: p.activity("../accounts"),
    ],
)
def test_what_does_not_exist_is_not_found(port, ask):
    with pytest.raises(NotFound):
        ask(port)


def test_a_txid_leads_to_its_transfer(port):
    deposit = port.activity("10000001").value.deposits[0]
    found = port.transaction(deposit.txid).value
    assert (found.deposit.state, found.deposit.confirmations, found.owner) == ("confirming", 12, "10000001")


def test_amounts_are_exact_and_times_have_a_zone(port):
    withdrawal = port.activity("10000009").value.withdrawals[0]
    assert str(withdrawal.amount) == "120000" and withdrawal.at.tzinfo
    assert any(network.needs_memo for network in port.networks().value)


def test_fees_are_those_of_the_account_and_exact(port):
    regular, vip = port.fees("10000001").value, port.fees("10000031").value
    assert (regular.level, str(regular.rates[0].maker)) == ("", "0.10") and (vip.level, str(vip.rates[1].taker)) == ("VIP 5", "0.028")
    assert any((one.coin, one.network, str(one.fee)) == ("USDT", "Tron (TRC-20)", "1") for one in regular.withdrawals)
    with pytest.raises(NotFound):
        port.fees("99999999")


def test_a_signature_counts_of_an_address_of_the_account_over_this_very_text(port):
    address = address_of("10000009")

    def said(uid="10000009", address=address, text="it is me", signature=signature_of(address, "it is me")):
        return port.signed(uid, address=address, text=text, signature=signature, conversation="BC-26-0000001-1").value

    assert said()
    assert not said(text="it is you") and not said(uid="10000010") and not said(address=address_of("10000010"))


def test_an_identity_check_is_begun_once_and_ends_as_the_exchange_says(port):
    first, later = (port.identity_check("10000009", conversation="BC-26-0000001-1").value for _ in range(2))
    assert (first.state, later.state) == ("open", "passed") and first.id == later.id and first.url.startswith("https://")
    assert [port.identity_check("10000019", conversation="BC-26-0000002-6").value.state for _ in range(2)] == ["open", "failed"]


def test_a_freeze_asked_for_twice_is_one_freeze(port):
    assert port.freeze("10000002", reason="customer asked", request_id="r1").value
    assert port.freeze("10000002", reason="customer asked", request_id="r1").value
    assert port.account("10000002").value.is_frozen
    assert port.unfreeze("10000002", reason="the owner came back", request_id="r2").value
    assert not port.account("10000002").value.is_frozen


def test_the_code_of_the_app_proves_its_account_once_and_no_other(port):
    code = code_of("10000001", now())
    assert not port.confirms("10000002", code=code, conversation="BC-26-0000001-1").value
    assert not port.confirms("10000001", code=f"{int(code) + 1:06d}"[-6:], conversation="BC-26-0000001-1").value
    assert port.confirms("10000001", code=code, conversation="BC-26-0000001-1").value
    assert not port.confirms("10000001", code=code, conversation="BC-26-0000001-1").value
    with pytest.raises(NotFound):
        port.confirms("99999999", code=code, conversation="BC-26-0000001-1")


@pytest.mark.parametrize("mood", ["broken", "html", "lying", "slow"])
def test_an_ill_exchange_confirms_no_code_and_freezes_nothing(double, mood):
    port = HttpExchange(double.url, KEY, SECRET)
    port.client.timeout = httpx.Timeout(0.3)
    double.mood = mood
    with pytest.raises(Unavailable):
        port.confirms("10000001", code=code_of("10000001", now()), conversation="BC-26-0000001-1")
    with pytest.raises(Unavailable):
        port.freeze("10000001", reason="asked", request_id="r1")


def test_there_are_thirty_stories_and_every_txid_is_one():
    assert len(_stories()) >= 30
    sandbox = Sandbox()
    for uid in _stories():
        activity = sandbox.activity(uid).value
        for transfer in (*activity.deposits, *activity.withdrawals):
            if transfer.txid:
                assert [e.kind for e in entities.find(transfer.txid)] == ["txid"]


@pytest.mark.parametrize("mood", ["broken", "html", "lying", "slow"])
def test_what_was_said_before_is_shown_as_old_while_the_exchange_is_ill(double, mood, monkeypatch):
    monkeypatch.setattr(http, "FRESH", 0.0)
    port = HttpExchange(double.url, KEY, SECRET)
    port.client.timeout = httpx.Timeout(0.3)
    fresh = port.account("10000001")
    double.mood = mood
    old = port.account("10000001")
    assert old.value == fresh.value and old.is_stale and old.fetched_at == fresh.fetched_at
    with pytest.raises(Unavailable):
        port.account("10000002")


def test_an_ill_exchange_is_left_alone_for_a_while(double, monkeypatch):
    port = HttpExchange(double.url, KEY, SECRET)
    double.mood = "broken"
    for n in range(12):
        with pytest.raises(Unavailable):
            port.account(f"1000{n:04d}")
    assert double.asked == http.TROUBLE


def test_a_wrong_secret_opens_nothing(double):
    with pytest.raises(Unavailable):
        HttpExchange(double.url, KEY, "another").account("10000001")


def test_the_log_names_nobody(double, caplog):
    port = HttpExchange(double.url, KEY, SECRET)
    with caplog.at_level(logging.INFO):
        port.uid_of("confirming@customers.example")
        port.account("10000001")
        double.mood = "broken"
        with pytest.raises(Unavailable):
            port.account("10000002")
    ours = [r.getMessage() for r in caplog.records if r.name.startswith("kefu")]
    assert ours and not any("1000000" in line or "confirming" in line for line in ours)


def test_values_survive_the_wire():
    sandbox = Sandbox(at=datetime(2026, 11, 20, tzinfo=UTC))
    for uid in _stories():
        account = sandbox.account(uid).value
        assert from_plain(Account, to_plain(account)) == account
        activity = sandbox.activity(uid).value
        assert from_plain(Activity, to_plain(activity)) == activity


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["uid", "kyc", "deposit", "amount", "at"]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_any_answer_is_read_or_refused(data):
    for kind in (Account, Activity, Transaction):
        try:
            from_plain(kind, data)
        except BadAnswer:
            continue


def test_the_example_server_keeps_the_contract_and_refuses_replays():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        number = s.getsockname()[1]
    example = Path(__file__).parents[2] / "examples" / "exchange_server.py"
    assert len(example.read_text().splitlines()) < 150
    running = subprocess.Popen([sys.executable, str(example), str(number), KEY, SECRET])
    try:
        port = HttpExchange(f"http://127.0.0.1:{number}", KEY, SECRET)
        for _ in range(100):
            try:
                uid = port.uid_of("mia@mail.example").value
                break
            except Unavailable:
                port._closed_until = 0.0
                time.sleep(0.05)
        assert port.account(uid).value.kyc.state == "approved"
        assert port.transaction("ab" * 32).value.deposit.needed == 20
        assert port.activity(uid).value.deposits and port.networks().value
        assert port.freeze(uid, reason="x", request_id="r1").value and port.account(uid).value.is_frozen
        assert port.unfreeze(uid, reason="x", request_id="r2").value and not port.account(uid).value.is_frozen
        assert port.confirms(uid, code="246810", conversation="BC-26-0000001-1").value
        assert not port.confirms(uid, code="246810", conversation="BC-26-0000001-1").value
        assert port.fees(uid).value.rates[0].taker == Decimal("0.09")
        assert not port.signed(uid, address="0x1", text="t", signature="s", conversation="BC-26-0000001-1").value
        assert port.identity_check(uid, conversation="BC-26-0000001-1").value.state == "open"
        with pytest.raises(NotFound):
            port.account("nobody")
        headers = port._signed("GET", "/v1/networks", b"")
        assert httpx.get(f"http://127.0.0.1:{number}/v1/networks", headers=headers).status_code == 200
        assert httpx.get(f"http://127.0.0.1:{number}/v1/networks", headers=headers).status_code == 401
    finally:
        running.terminate()
        running.wait(5)


def test_withheld_fields_are_gone_before_anything_is_kept(double):
    port = HttpExchange(double.url, KEY, SECRET, ["account.country", "activity.orders", "deposit.address"])
    whole = Sandbox()
    assert whole.account("10000001").value.country and port.account("10000001").value.country == ""
    deposit = port.activity("10000001").value.deposits[0]
    assert deposit.address == "" and deposit.txid == whole.activity("10000001").value.deposits[0].txid
    assert port.transaction(deposit.txid).value.deposit.address == "" and port.transaction(deposit.txid).value.owner == "10000001"
    filled = next(uid for uid in _stories() if whole.activity(uid).value.orders)
    assert port.activity(filled).value.orders == ()
    assert whole.account("10000001").value.country not in str(port._kept)


def test_only_what_nothing_depends_on_can_be_left_out():
    assert rights.unknown(["account.country", "account.uid", "deposit.state", "account.nonsense"]) == [
        "account.nonsense",
        "account.uid",
        "deposit.state",
    ]


def test_the_description_in_the_documentation_is_that_of_the_classes():
    file = Path(__file__).parents[2] / "docs" / "exchange-port.openapi.json"
    assert file.read_text("utf-8") == exchange_command.text(), "run: ./kefu exchange > docs/exchange-port.openapi.json"


def test_every_question_of_the_adapter_stands_in_the_description(double):
    asked = []
    port = HttpExchange(double.url, KEY, SECRET)
    port.client.event_hooks = {"request": [lambda request: asked.append((request.method.lower(), request.url.path.removeprefix("/port")))]}
    txid = Sandbox().activity("10000001").value.deposits[0].txid
    port.account("10000001"), port.uid_of("confirming@customers.example"), port.activity("10000001")
    port.transaction(txid), port.networks(), port.freeze("10000001", reason="asked", request_id="1")
    port.unfreeze("10000001", reason="asked", request_id="2")
    port.confirms("10000001", code="000000", conversation="BC-26-0000001-1")
    port.fees("10000001"), port.identity_check("10000001", conversation="BC-26-0000001-1")
    port.signed("10000001", address="0x1", text="t", signature="s", conversation="BC-26-0000001-1")
    paths = document()["paths"]
    templates = {
        (method, path.replace("{uid}", "10000001").replace("{txid}", txid)) for path, methods in paths.items() for method in methods
    }
    assert set(asked) == templates


def test_what_the_sandbox_answers_has_the_described_shape():
    schemas = document()["components"]["schemas"]

    def fits(value, schema):
        if "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        if "anyOf" in schema:
            return value is None or fits(value, schema["anyOf"][0])
        kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
        if not isinstance(value, kinds[schema["type"]]):
            return False
        if schema["type"] == "array":
            return all(fits(one, schema["items"]) for one in value)
        if schema["type"] == "object":
            properties = schema["properties"]
            return set(schema["required"]) <= set(value) <= set(properties) and all(fits(value[n], properties[n]) for n in value)
        return "pattern" not in schema or re.search(schema["pattern"], value) is not None

    sandbox = Sandbox()
    for uid in _stories():
        assert fits(to_plain(sandbox.account(uid).value), schemas["Account"]), uid
        assert fits(to_plain(sandbox.activity(uid).value), schemas["Activity"]), uid
    assert fits(to_plain(sandbox.networks().value[0]), schemas["Network"])
