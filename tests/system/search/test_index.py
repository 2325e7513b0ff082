"""Full text over conversations, the same on both databases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kefu.system.search.index import Entry, find, put, query_tokens, remove

TXID = "0x7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"


@pytest.fixture
def texts(db):
    put(
        [
            Entry(1, 10, "充值两个小时了还没到账"),
            Entry(2, 20, "My withdrawal of 500 USDT is stuck"),
            Entry(3, 30, f"the hash is {TXID}, please look"),
            Entry(4, 20, "the withdrawal arrived, thank you"),
            Entry(5, 40, "我的提現一直在審核"),
            Entry(6, 50, "Мой вывод завис, помогите"),
        ]
    )


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("没到账", [10]),
        ("到账", [10]),
        ("账", [10]),
        ("提现", [40]),
        ("withdrawals", [20]),
        ("withdrawal stuck", [20]),
        ("stuck hash", []),
        (TXID, [30]),
        (TXID.upper().replace("0X", "0x"), [30]),
        ("вывод", [50]),
        ("500", [20]),
        ("'; DROP TABLE search_text --", []),
        ('"unbalanced (quote* AND OR NOT', []),
        ("", []),
        ("…!?", []),
    ],
)
def test_what_is_said_is_found_in_any_language(texts, query, places):
    assert find(query) == places


def test_the_newest_come_first_each_place_once(texts):
    put([Entry(7, 60, "another withdrawal")])
    assert find("withdrawal") == [60, 20]


def test_a_text_is_replaced_and_removed(texts):
    put([Entry(1, 10, "something else")])
    assert find("到账") == []
    assert find("something else") == [10]
    remove([1])
    assert find("something else") == []


def test_a_character_inside_a_pair_is_asked_for_by_the_pair():
    assert query_tokens("到账") == ["到账"]
    assert query_tokens("账") == ["账"]


class AnyText(TestCase):
    @given(st.text(max_size=60))
    def test_any_text_is_found_by_itself(self, text):
        put([Entry(1, 1, text)])
        if query_tokens(text):
            assert find(text) == [1]


def test_a_word_of_any_length_is_stored(db):
    put([Entry(1, 7, "x" * 19_000 + " kucoin " + "提" * 9_000)])
    assert find("kucoin") == [7]


def test_what_is_rare_is_found_behind_many_newer(db, monkeypatch):
    monkeypatch.setattr("kefu.system.search.index.WINDOW", 5)
    put([Entry(1, 1, "zebra"), *(Entry(n, n, "horse") for n in range(2, 40))])
    assert find("zebra") == [1]
    assert find("horse", limit=3) == [39, 38, 37]
    assert find("horse", limit=100) == list(range(39, 1, -1))
