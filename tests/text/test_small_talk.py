"""Greetings, thanks, insults: recognised when there is nothing else, and only then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.small_talk import kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("你好", "greeting"),
        ("您好！在吗？", "greeting"),
        ("Hello there!!", "greeting"),
        ("ПРИВЕТ", "greeting"),
        ("謝謝", "thanks"),
        ("ok thanks a lot 🙏", "thanks"),
        ("cảm ơn bạn", "thanks"),
        ("再见", "goodbye"),
        ("傻逼客服", "insult"),
        ("you are useless", "insult"),
    ],
)
def test_what_asks_nothing_is_recognised(text, expected):
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "？",
        "你好，我的充值没到账",
        "hi where is my deposit",
        "thanks but it still does not work",
        "你们这个垃圾平台为什么不让我提现，三天了",
        "客服",
    ],
)
def test_a_message_that_says_anything_else_is_not_small_talk(text):
    assert kind(text) == ""


@given(st.text(max_size=100))
def test_any_text_can_be_read(text):
    assert kind(text) in {"", "greeting", "thanks", "goodbye", "insult"}
