"""The person's own words, in the languages and with the programs that customers use."""

import json
import re
from pathlib import Path

import pytest

from kefu.text.mail import visible_text

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "email_replies.jsonl"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Thanks!\n\nOn Tue, Mar 5, 2024 at 10:21 AM Support <s@x.example>\nwrote:\n\n> Hello", "Thanks!"),
        ('订单已到账\n\n在 2024-03-05 10:21:33，"客服" <s@x.example> 写道：\n> 您好', "订单已到账"),
        ('收到\n\n------------------ 原始邮件 ------------------\n发件人: "客服" <s@x.example>;\n主题: 提币\n\n您好', "收到"),
        ('Спасибо\n\n05.03.2024, 10:21, "Support" <s@x.example>:\n> Добрый день', "Спасибо"),
        ("Danke\n\nVon: S <s@x.example>\nGesendet: 5. März 2024\nAn: m@x.example\nBetreff: AW: x\n\nHallo", "Danke"),
        ("Yes.\n\n-- \nAna\n+44 20 1234", "Yes."),
        ("Tamam\n\niPhone'umdan gönderildi", "Tamam"),
        ("Ok\n\nSent from my Huawei phone", "Ok"),
        ("> question one?\nyes\n> question two?\nno\n", "> question one?\nyes\n> question two?\nno"),
        ("see below\n\n---------- Forwarded message ---------\nFrom: scam@x.example\nSubject: You won\n\nclick", None),
    ],
)
def test_earlier_mail_and_signatures_are_folded_away(text, said):
    assert visible_text(text) == (text.strip() if said is None else said)


@pytest.mark.parametrize(
    "text",
    [
        "From: Binance\nTo: 0x88df016429689c079f3b2f6ad39fa052532c5679\nDate: 2024-03-05\nAmount: 5 ETH",
        "On 5 March your agent wrote: wait one day. I waited.",
        "我在2024年3月5日写道的那封邮件没有回复。",
        "> 0.1 BTC is the limit?\nmy amount was > 0.2",
        "Sent from my iPhone app there is an error.",
        "Hello\n--\nis this a line?",
        "日期：2024-03-05\n金额：500 USDT\n地址：TXYZ",
        "Regards,\nmy uid is 12345678 and my txid 0x88df016429689c079f3b2f6ad39fa052",
    ],
)
def test_the_customers_own_words_stay(text):
    got = visible_text(text)
    assert [x for x in text.split("\n") if x.strip() and x.strip() != "--"][0] in got
    assert "0x88df" not in text or "0x88df" in got
    assert got == text or "--" in text


@pytest.mark.parametrize(
    "filler",
    ["> a\n", "On ", "x", "a@b.c ", "From: a\n", "<div>", "-- \n", "-", "5 :", "\n", "<blockquote>", "On 1 2:30 <a@b.c>\n", "&#", "<!--"],
)
@pytest.mark.parametrize("html", [False, True])
def test_long_texts_end(filler, html):
    visible_text(filler * (200_000 // len(filler)), html=html)


def test_html_quotes_are_left_out_and_answers_below_them_kept():
    html = '<p>Top</p><div class="gmail_quote">On 1 Mar 2024 S &lt;s@x.example&gt; wrote:<blockquote>old</blockquote></div><p>Bottom</p>'
    assert visible_text(html, html=True).split() == ["Top", "Bottom"]


def test_a_link_that_lies_shows_where_it_leads():
    got = visible_text('<a href="https://evil.example/x">www.beichen.example</a>', html=True)
    assert got == "www.beichen.example (https://evil.example/x)"


@pytest.mark.skipif(not DATA.exists(), reason="needs the measured mails")
def test_replies_of_many_programs():
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    flat = lambda t: re.sub(r"\s+", " ", t).strip()  # noqa: E731
    right = 0
    for row in rows:
        got = visible_text(row["input"], html=row["html"])
        wanted = row["expected"]
        if wanted is not None and row["html"]:
            wanted = re.sub(r"<[^>]+>", " ", wanted).replace("&#160;", " ")
        good = wanted is None or flat(got) == flat(wanted)
        right += good and all(flat(c) in flat(got) for c in row["contains"]) and not any(a and a in got for a in row["absent"])
    assert right / len(rows) >= 0.92
