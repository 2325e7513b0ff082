"""What a stencil fills in is what the template would have made."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from kefu.conversations.models import Message
from kefu.web.desk import fragments as desk
from kefu.web.ui.stencil import is_plain
from kefu.web.widget import fragments as widget

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def said(body="Where is it?", **values):
    message = Message(**{"kind": "customer", "seq": 7, "body": body, "client_key": "k1", "language": "en"} | values)
    message.has_no_files()
    return message


@given(
    body=TEXT,
    key=TEXT,
    seq=st.integers(1, 10**6),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    spoken=st.sampled_from(["", "en", "zh-hans", "tr"]),
    reader=st.sampled_from(["en", "zh-hans"]),
    zone=st.sampled_from(["UTC", "Asia/Shanghai"]),
    rung=st.integers(0, 4),
)
def test_plain_words_look_as_the_template_shows_them(body, key, seq, moment, spoken, reader, zone, rung):
    data = {"rung": rung} if rung else {}
    with override(reader), timezone.override(ZoneInfo(zone)):
        for fragments in (widget, desk):
            message = said(body, client_key=key, seq=seq, created=moment, language=spoken, data=data)
            assert is_plain(message)
            assert fragments.shown(message, reader) == fragments._render(message, reader)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "agent"},
        {"kind": "activity"},
        {"body": ""},
        {"client_key": None},
        {"data": {"removed": ["password"]}},
        {"data": {"lookalikes": [["beichen.exarnple", "beichen.example"]]}},
        {"data": {"card": "0xabc"}},
        {"data": {"mail": {"from": "a@example.com"}}},
    ],
)
def test_what_shows_anything_else_is_left_to_the_template(values):
    assert not is_plain(said(**values))


def test_files_that_nobody_has_looked_for_may_be_there():
    assert not is_plain(Message(kind="customer", seq=1, body="see the picture", client_key="k"))


def test_marks_of_a_stencil_in_somebodys_words_are_words():
    from kefu.web.ui.stencil import KEY, NUMBER, WORDS

    message = said(f"{WORDS} {KEY} {NUMBER}", client_key=WORDS, created=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=1))
    with override("en"):
        assert widget.shown(message, "en") == widget._render(message, "en")
