"""The wire format of server-sent events, and the ids that bring a browser back to where it was."""

from hypothesis import given
from hypothesis import strategies as st

from kefu.system.live.frames import chunk, frame, opening, read_id, write_id

CHANNELS = st.text("abcdef0123456789/-", min_size=1, max_size=40)


def parse(stream):
    """Events as a browser reads them: (name, data, last id)."""
    found, name, data, last = [], "", [], ""
    for line in stream.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "id":
            last = value
        elif field == "event":
            name = value
        elif field == "data":
            data.append(value)
        elif not line:
            if data:
                found.append((name, "\n".join(data), last))
            name, data = "", []
    return found


@given(st.text(), st.booleans())
def test_a_browser_reads_what_was_written(data, numbered):
    event_id = "c/1=2" if numbered else ""
    told = data.replace("\r\n", "\n").replace("\r", "\n")
    assert parse(frame("message", data, event_id)) == [("message", told, event_id)]


@given(st.text())
def test_no_text_can_write_an_event_of_its_own(data):
    assert [name for name, _, _ in parse(frame("message", f"x\n\nevent: evil\rdata: 1\n\n{data}"))] == ["message"]


def test_an_event_may_have_lines():
    assert frame("message", "a\nb", "c/1=2") == b"id: c/1=2\nevent: message\ndata: a\ndata: b\n\n"


def test_a_stream_says_at_once_where_it_stands_and_shows_nothing():
    assert parse(opening("c/1=2", 1500) + frame("typing", "{}")) == [("typing", "{}", "c/1=2")]
    assert b"retry: 1500\n" in opening("", 1500) and b"id:" not in opening("", 1500)


@given(st.dictionaries(CHANNELS, st.integers(0, 10**12), max_size=5))
def test_positions_survive_the_journey(positions):
    assert read_id(write_id(positions)) == positions


@given(st.text())
def test_a_made_up_id_is_no_error(text):
    assert all(at >= 0 for at in read_id(text).values())


def test_what_is_not_of_our_form_is_left_out():
    assert read_id("c/a=9,c/x=5") == {"c/a": 9, "c/x": 5}
    assert read_id("c/a=nonsense,,=,c/b,c/c=-1,c/d=٣,=7,c/e=" + "9" * 30) == {}


def test_chunks_say_their_length_in_hexadecimal():
    assert chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
