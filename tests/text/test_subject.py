"""The one line that says what a message is about."""

import pytest

from kefu.text.subject import LONGEST, subject_of

TXID = "7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("where is my deposit", "where is my deposit"),
        ("  充值没到账\n", "充值没到账"),
        (f"My deposit is still missing. {TXID}", "My deposit is still missing"),
        (f"{TXID} is not here", "is not here"),
        (f"充值两小时没到账，交易哈希：{TXID}。请帮忙查一下。", "充值两小时没到账，交易哈希"),
        (TXID, "7c2f9e41…1b08d3"),
        (
            "Hi. My account was frozen this morning and nobody told me why! " * 3,
            "Hi. My account was frozen this morning and nobody told me why!",
        ),
    ],
)
def test_what_people_read_out_is_kept_and_the_rest_left_out(text, subject):
    assert subject_of(text) == subject


def test_a_long_sentence_ends_between_words_with_dots():
    found = subject_of("I sent my coins and waited " * 10)
    assert len(found) <= LONGEST and found.endswith("…") and found[:-1].split()[-1] in "I sent my coins and waited".split()
    assert len(subject_of("充值" * 200)) == LONGEST


def test_every_text_has_a_subject_of_bounded_length():
    for text in ("。" * 200, "...", " ", "", "https://a.example/" + "x" * 300, "、" * 90):
        assert len(subject_of(text)) <= LONGEST
