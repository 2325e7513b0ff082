import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.topics.recognise import recognise

TXID = "7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3"
FIELDS = [{"name": kind, "type": kind} for kind in ("txid", "amount", "coin", "network", "address", "email", "longtext", "text")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            f"11 月 20 日提了 500 USDT 到北辰（TRC20），哈希 {TXID}",
            {"amount": "500", "coin": "USDT", "network": "Tron (TRC-20)", "txid": TXID},
        ),
        ("I sent 1,250.50 usdc two hours ago", {"amount": "1250.5", "coin": "USDC"}),
        ("вывел 1 500,5 USDT", {"amount": "1500.5", "coin": "USDT"}),
        ("sent 0,25 BTC", {"amount": "0.25", "coin": "BTC"}),
        ("充了1.5万USDT没到账", {"amount": "15000", "coin": "USDT"}),
        ("about 12 500 USDT", {}),  # one number, or two
        ("waited 30 min and 2 hours", {}),
        ("500 USDT or was it 600 USDT", {}),
        ("from TRC20 to ERC20", {}),
        ("write to mia@mail.example", {"email": "mia@mail.example"}),
        ("nothing is said here", {}),
    ],
)
def test_only_what_is_said_without_doubt_is_filled_in(text, found):
    assert recognise(text, FIELDS) == found


@given(st.text(max_size=300))
def test_any_text_is_read_without_error(text):
    assert set(recognise(text, FIELDS)) <= {field["name"] for field in FIELDS}
