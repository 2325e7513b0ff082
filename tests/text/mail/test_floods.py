"""Mails made to keep the reader busy are read in part; the words of everybody else are all there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.mail.floods import MOST_DELIMITERS, MOST_LINES, bounded
from kefu.text.mail.kind import bounce
from kefu.text.mail.read import read

HEAD = b"From: Ann <ann@example.com>\nTo: support@beichen.example\nSubject: Where is it?\n"
MIXED = HEAD + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=%b\n\n"


@pytest.mark.parametrize("line", [b"A: b\n", b":\n", b"Received: from a by b\n", b"Delivered-To: a@b.c\r\n", b" folded\n"])
def test_of_very_many_header_lines_the_first_are_read_and_the_text_stays(line):
    mail = read(HEAD + b"X: y\n" + line * 50_000 + b"\nIt has not arrived.")
    assert mail.sender == "ann@example.com" and mail.subject == "Where is it?"
    assert mail.text.strip() == "It has not arrived." and "too many header lines" in mail.problems


def test_a_header_that_never_ends_is_read_as_far_as_it_goes():
    mail = read(HEAD + b"A: b\n" * 50_000)
    assert mail.sender == "ann@example.com" and mail.text == ""


@pytest.mark.parametrize("boundary", [b"b", b'"b c"'])
def test_of_very_many_parts_the_first_are_read(boundary):
    bare = boundary.strip(b'"')
    mail = read(MIXED % boundary + b"--%b\n\nfirst\n" % bare + b"--%b\n\nx\n" % bare * 30_000 + b"--%b--\n" % bare)
    assert mail.text.startswith("first") and "too many parts" in mail.problems


def test_parts_inside_parts_are_counted_too():
    inner = b"--out\nContent-Type: multipart/mixed; boundary=in\n\n" + b"--in\n\nx\n" * 30_000 + b"--in--\n--out\n\nlast\n--out--\n"
    raw, problems = bounded(MIXED % b"out" + inner)
    assert problems == ["too many parts"] and raw.count(b"\n--in") == MOST_DELIMITERS


def test_a_delivery_report_about_very_many_is_read_for_the_first():
    report = b"Reporting-MTA: dns; mx.example.com\n\n" + b"Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n\n" * 5000
    raw = HEAD + b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt came back.\n"
    raw += b"--b\nContent-Type: message/delivery-status\n\n" + report + b"--b--\n"
    assert "too many recipients in a report" in read(raw).problems
    assert (found := bounce(raw)) and found.recipients == ("a@b.c",)


@given(
    st.lists(st.sampled_from([b"A: b", b" more", b"--b", b"--b--", b"", b"Content-Type: multipart/mixed; boundary=b", b"x"]), max_size=60)
)
def test_what_people_write_passes_as_it_is(lines):
    raw = HEAD + b"\n".join(lines)
    assert bounded(raw) == (raw, [])


@given(st.binary(max_size=300), st.integers(0, 2 * MOST_LINES))
def test_whatever_comes_never_raises(garbage, count):
    assert len(bounded(garbage + b"\n" * count + garbage)[0]) <= 2 * len(garbage) + count + 4
