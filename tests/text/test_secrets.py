"""The guard's eyes: secrets are found however they are written, and nothing else is touched."""

import hashlib
import json
import random
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.secrets import redact
from kefu.text.secrets.wordlists import LISTS

DATA = Path(__file__).parents[3] / "shared" / "data" / "secrets.jsonl"
CONTENT = Path(__file__).resolve().parents[2] / "content" / "articles"
LEGAL = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def phrase(name, length, seed):
    words = (files("mnemonic") / "wordlist" / f"{name}.txt").read_text("utf-8").split()
    entropy = random.Random(seed).randbytes(length * 4 // 3)
    bits = "".join(f"{byte:08b}" for byte in entropy)
    bits += f"{hashlib.sha256(entropy).digest()[0]:08b}"[: length // 3]
    return [words[int(bits[i * 11 : i * 11 + 11], 2)] for i in range(length)]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("length", [12, 15, 18, 21, 24])
@pytest.mark.parametrize("join", [" ".join, "\n".join, ", ".join, lambda w: "\n".join(f"{i}. {x}" for i, x in enumerate(w, 1))])
def test_a_seed_phrase_of_every_list_and_length_is_removed(name, length, join):
    words = phrase(name, length, seed=length)
    found = redact(f"my words: {join(words)} — please help")
    assert "[removed: seed_phrase]" in found.text
    assert not [word for word in words if len(word) > 3 and word in found.text]


@pytest.mark.parametrize("name", ["chinese_simplified", "chinese_traditional"])
@pytest.mark.parametrize("length", [12, 24])
def test_unspaced_chinese_words_are_removed(name, length):
    words = "".join(phrase(name, length, seed=3))
    for text in (words, f"我的助记词是{words}，帮我看看"):
        assert words not in redact(text).text
        assert redact(text).findings[0].kind == "seed_phrase"


def test_two_halves_in_one_text_are_removed():
    words = LEGAL.split()
    found = redact(f"first six of my seed: {' '.join(words[:6])}; the other six: {' '.join(words[6:])}")
    assert "sausage" not in found.text and "yellow" not in found.text


def test_a_phrase_with_a_typing_error_is_removed():
    assert "sausage" not in redact(LEGAL.replace("thank year", "thnak year")).text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("private key: 0x" + "8d" * 32, "private_key"),
        ("wif 5JXwUhNu98kXkyhR8EpvpaTGRjj8JZEP7hWboB5xscgjbgK2zNk", "private_key"),
        ("my password is Tr0ub4dor&3", "password"),
        ("密码：abc12345", "password"),
        ("验证码是 482913", "one_time_code"),
        ("the code is 482 913", "one_time_code"),
        ("apiSecret: TsM789eSsqdj7PshwS8fTUYIq8Ccw1NFy3IRpZ84WYh", "api_secret"),
        ("card no. 4111 1111 1111 1111", "card_number"),
        ("身份证 110105198903241577", "id_number"),
    ],
)
def test_what_opens_an_account_is_removed_and_named(text, kind):
    found = redact(text)
    assert kind in {str(finding.kind) for finding in found.findings}
    assert f"[removed: {kind}]" in found.text


@pytest.mark.parametrize(
    "text",
    [
        "Tx 0x" + "c5" * 32 + " failed",
        "交易哈希：" + "d6" * 32,
        "please check deposit address TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p thanks",
        "I forgot my password, how do I reset it?",
        "密码错误次数过多被锁定",
        "error code 501130",
        "Order 2024030510213345678 was cancelled",
        "请先修改登录密码，检查两步验证和登录设备，再联系我们处理这个问题",
        "please help me fix the problem with your exchange because the system will not let me enter any number",
        "BC-26-0001234-5",
        "提现 500 USDT 两个小时了",
    ],
)
def test_ids_addresses_and_prose_stay_byte_for_byte(text):
    assert redact(text).text == text


def test_no_article_of_the_help_centre_is_altered():
    for path in sorted((Path(__file__).parents[2] / "content").rglob("*.md")):
        if "api" not in path.parts:  # API articles show made-up keys on purpose
            for line in path.read_text("utf-8").splitlines():
                assert redact(line).text == line, path


@given(st.text(max_size=400))
def test_redacting_never_raises_and_redacting_twice_changes_nothing(text):
    once = redact(text)
    assert redact(once.text).text == once.text
    for finding in once.findings:
        assert 0 <= finding.start < finding.end <= len(text)


@pytest.mark.skipif(not DATA.exists(), reason="the public data set is not here")
def test_the_public_set_is_met():
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    secret = [row for row in rows if row["cls"] in {"secret", "soft"}]
    missed = [row["id"] for row in secret if not redact(row["text"]).findings]
    altered = [row["id"] for row in rows if row["cls"] == "benign" and redact(row["text"]).text != row["text"]]
    assert len(missed) <= 0.02 * len(secret), missed
    assert len(altered) <= 0.01 * len(rows), altered


def test_an_article_about_seed_phrases_is_no_seed_phrase():
    for path in sorted(CONTENT.glob("*/*.md")):
        text = path.read_text("utf-8")
        assert redact(text).text == text, path.name


@pytest.mark.parametrize("between", ["; second half: ", "\nthe other half is: ", ", then "])
def test_a_phrase_in_two_halves_is_found_in_a_long_text_about_seed_phrases(between):
    first, second = " ".join(LEGAL.split()[:6]), " ".join(LEGAL.split()[6:12])
    story = "I wrote my seed phrase on paper and you only worry about security, use that before you close this page. " * 20
    found = redact(f"{story}\nMy husband wrote it down: {first}{between}{second}\n{story}")
    assert first not in found.text
    assert second not in found.text
    assert found.text.count("worry about security") >= 39
