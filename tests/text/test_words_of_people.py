"""Handing over, languages, alarms, entities, look-alikes, numbers: what is read out of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text import numbering
from kefu.text.agent_requests import asks_for_secret
from kefu.text.concepts import find as concepts
from kefu.text.entities import find, keccak256
from kefu.text.handoff import wants_human
from kefu.text.language import detect
from kefu.text.lookalike import match, suspicious
from kefu.text.triage import signals

LANGUAGES = ["zh-hans", "zh-hant", "en", "es", "ru", "tr", "vi"]


@pytest.mark.parametrize(
    "text",
    [
        "转人工", "我要真人客服", "找个活人", "別用機器人，轉接真人", "let me speak to a person", "human please", "agent",
        "quiero hablar con una persona", "хочу живого оператора", "müşteri temsilcisine bağlan", "cho tôi gặp nhân viên",
        "is there anybody there", "this bot is useless",
    ],
)  # fmt: skip
def test_the_wish_for_a_human_is_heard_in_seven_languages(text):
    assert wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "人工智能代币怎么买", "人工审核要多久", "代理佣金怎么算", "human error in my transfer", "user-agent header",
        "how do I become an agent", "someone hacked my account", "can I send coins to a friend", "мобильный оператор не присылает смс",
    ],
)  # fmt: skip
def test_words_that_only_look_like_it_do_not_hand_over(text):
    assert not wants_human(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("提现没到账", "zh-hans"), ("為什麼還沒到帳", "zh-hant"), ("where is my money", "en"), ("deposit missing", "en"),
        ("mi cuenta bloqueada", "es"), ("вывод завис", "ru"), ("şifre unuttum", "tr"), ("para gelmedi", "tr"), ("quên mật khẩu", "vi"),
    ],
)  # fmt: skip
def test_the_language_of_a_question_is_told(text, language):
    assert detect(text, LANGUAGES) == language


@pytest.mark.parametrize("text", ["我的账户被盗了", "someone logged in to my account", "me hackearon la cuenta", "взломали аккаунт"])
def test_an_account_takeover_alarms(text):
    assert signals(text).takeover


@pytest.mark.parametrize(
    "text",
    [
        "there is a withdrawal i didn't make",
        "a transfer i didnt make",
        "I did not authorise this",
        "a code I never asked for",
        "it wasn’t me",
        "I didn't log in from Brazil",
    ],
)
def test_what_somebody_says_not_to_have_done_alarms(text):
    assert signals(text).takeover


@pytest.mark.parametrize(
    "text",
    [
        "i didn't receive my deposit",
        "I did not get the code",
        "my vip level dropped and i didn't do anything",
        "it timed out because I didn't confirm in the mail",
        "i didn't make the payment in time",
        "money was taken off my debit card but no coins came",
        "do you pay if a protocol gets hacked",
    ],
)
def test_what_somebody_missed_or_paid_is_no_takeover(text):
    assert not signals(text).takeover


def test_asking_how_to_be_safe_is_no_alarm():
    assert not signals("how do I avoid being hacked").takeover


@pytest.mark.parametrize("text", ["请把您的助记词发给我", "What is your password?", "Пришлите код из СМС", "请下载向日葵"])
def test_a_request_for_a_secret_is_seen(text):
    assert asks_for_secret(text)


@pytest.mark.parametrize("text", ["Never share your password.", "切勿将助记词告诉任何人。", "You can reset your password in settings."])
def test_a_warning_is_no_request(text):
    assert asks_for_secret(text) is None


def test_a_deposit_is_a_deposit_in_every_language():
    texts = ["充值没到账", "my deposit has not arrived", "mi depósito no ha llegado", "Мой депозит не пришёл",
             "para yatırma hesabıma geçmedi", "tiền nạp chưa đến", "充幣還沒到帳"]  # fmt: skip
    for text in texts:
        assert {"deposit", "not-arrived"} <= set(concepts(text)), text


def test_addresses_prove_themselves():
    found = find(
        "to TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p or 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed, not 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"
    )
    assert [(e.chain, e.valid) for e in found] == [("tron", True), ("evm", True), ("evm", False)]


def test_keccak_is_the_one_of_ethereum():
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


@pytest.mark.parametrize("domain", ["be1chen.example.com", "beichen-login.com", "beichem.net", "beichen.pages.dev", "www-beichen.com"])
def test_a_domain_that_imitates_ours_is_named(domain):
    assert match(domain, ["beichen.com"])


@pytest.mark.parametrize("domain", ["beichen.com", "help.beichen.com", "example.org", "github.com"])
def test_ours_and_others_are_no_look_alikes(domain):
    assert match(domain, ["beichen.com"]) is None


def test_links_in_a_text_are_looked_at():
    assert [m.domain for m in suspicious("see https://beichen-login.com/x and https://beichen.com", ["beichen.com"])] == [
        "beichen-login.com"
    ]


@given(st.integers(1, 10**9), st.integers(2020, 2099))
def test_a_number_survives_being_read_out_and_a_wrong_digit_does_not(sequence, year):
    number = numbering.make("BC", year, sequence)
    assert numbering.read(f"about {number.lower().replace('-', ' ')}") == number
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert numbering.read(wrong) is None


@given(st.text(max_size=300))
def test_no_text_breaks_a_reader(text):
    wants_human(text)
    signals(text)
    find(text)
    concepts(text)
    asks_for_secret(text)
    suspicious(text, ["beichen.com"])
    assert detect(text, LANGUAGES) in LANGUAGES
