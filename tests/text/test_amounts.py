"""An amount says the same, however the world writes it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.amounts import plain, read_amount


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("500", "500"),
        ("1,250.50 USDT", "1250.5"),
        ("1.250,50 евро", "1250.5"),
        ("1 250,5", "1250.5"),
        ("1\u00a0250\u00a0000", "1250000"),
        ("1'000'000.25", "1000000.25"),
        ("0,25 BTC", "0.25"),
        ("0,250", "0.25"),
        ("0.00000001", "0.00000001"),
        ("1,250", "1250"),
        ("1.250", "1.25"),
        ("1.250.000", "1250000"),
        ("３，５００", "3500"),
        ("1.5万", "15000"),
        ("充了500USDT", "500"),
        ("大约2亿", "200000000"),
        ("5k usdt", "5000"),
        ("3w u", "30000"),
        ("2 млн", "2000000"),
        ("$1,000", "1000"),
        ("≈12", "12"),
        ("BTC-USDT 3", "3"),
    ],
)
def test_it_says_the_same_however_it_is_written(written, amount):
    assert plain(read_amount(written)) == amount


@pytest.mark.parametrize("written", ["", "abc", "-5 apples", "−5", "0", "0.00", "6.12.0", "2026.11.20", "1,2,3", "1.2,3,4", "v5", "TRC20"])
def test_what_is_no_amount_is_none(written):
    assert read_amount(written) is None


@given(st.decimals(min_value="0.00000001", max_value=10**12, places=8))
def test_every_way_of_grouping_is_read_back(value):
    english = f"{value:,f}"
    for written in (english, english.replace(",", "\u202f"), english.replace(",", " ")):
        assert read_amount(written) == value
    assert read_amount(english.translate(str.maketrans(",.", ".,"))) == Decimal(value)


@given(st.text(alphabet="0123456789.,，' k万-−abcX\u00a0", max_size=200))
def test_any_text_is_read_without_error_and_gives_more_than_nothing(text):
    found = read_amount(text)
    assert found is None or found > 0
