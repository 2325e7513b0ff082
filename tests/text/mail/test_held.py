"""Large files are left where they are in the mail's bytes; what is understood of a mail stays the same."""

import base64
import tracemalloc
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.mail import held, kind, read
from kefu.text.mail.read import parse, read_with_tree

B64 = base64.b64encode(bytes(range(57)))
LINES = st.sampled_from([
    b"From: a@b.example", b"Subject: x", b"Content-Type: multipart/mixed; boundary=x", b"Content-Type: message/rfc822", b"Content-Type: text/plain",
    b"Content-Type: multipart/alternative; boundary=AAAA", b"Content-Type: application/pdf; name=a.pdf", b"Content-Type: text/html; charset=gbk",
    b"Content-Transfer-Encoding: base64", b"Content-Transfer-Encoding: quoted-printable", b"Content-Transfer-Encoding: x-uuencode", b"", b"", b"",
    b"--x", b"--x", b"--x--", b"--AAAA", b"--" + B64, B64, B64, B64, B64 * 2, B64[:58] + b"==", B64[:20], b"YWJj", b" " + B64, b"begin 644 a.bin", b"end",
    b"words of a person", b"\xd6\xd0\xce\xc4", b"Content-Type: message/delivery-status", b"Content-Type: multipart/signed; boundary=x; protocol=application/pgp-signature",
])  # fmt: skip


@given(st.lists(st.tuples(LINES, st.sampled_from([b"\r\n", b"\r\n", b"\n"])), max_size=60))
def test_a_mail_reads_the_same_whatever_is_held(lines):
    raw = b"".join(line + end for line, end in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "LEAST", 10**9)
        wanted, wanted_kind = read(raw), kind(raw)
        patch.setattr(held, "LEAST", 1)
        got, tree = read_with_tree(raw)
        assert got == wanted
        assert kind(raw, known=(got, tree)) == wanted_kind
    assert "held." not in str(got)


def large(content=bytes(range(256)) * 4000, **more):
    made = EmailMessage()
    made["From"], made["Subject"] = "a@b.example", "papers"
    made.set_content("see file")
    made.add_attachment(content, maintype="application", subtype="pdf", filename="a.pdf", **more)
    return made


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("size", [300_000, 300_001, 300_002])
def test_large_files_arrive_byte_by_byte(size, end):
    content = bytes(n * n % 251 for n in range(size))
    raw = large(content).as_bytes().replace(b"\n", end)
    assert held.without_large(raw)[1], "it is held"
    mail = read(raw)
    assert mail.attachments[0].content == content and mail.text.strip() == "see file" and not mail.problems


def test_what_a_list_put_below_a_file_costs_nothing_of_it():
    content = bytes(n * n % 251 for n in range(300_000))
    raw = b"From: a@b.example\nContent-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n"
    raw += base64.encodebytes(content) + b"\n-- \nThis list: https://list.example/\n"
    assert read(raw).attachments[0].content == content


def test_a_forwarded_mail_with_a_large_file_is_whole():
    outer = EmailMessage()
    outer["From"] = "c@d.example"
    outer.set_content("look")
    inner = large()
    outer.add_attachment(inner)
    raw = outer.as_bytes()
    assert held.without_large(raw)[1]
    forwarded = read(raw).attachments[0]
    assert read(forwarded.content).attachments[0].content == bytes(range(256)) * 4000


def test_nobody_can_write_the_name_of_what_is_held():
    made = large()
    made.replace_header("Subject", "held.00.0.")
    raw = made.as_bytes().replace(b"see file", b"held.00000000000000000000000000000000.0.")
    assert read(raw).text.strip() == "held.00000000000000000000000000000000.0."


def test_who_asks_for_the_whole_tree_gets_it():
    assert "held." not in parse(large().as_bytes()).as_string()


def test_reading_a_large_mail_takes_about_what_its_files_take():
    content = bytes(range(256)) * 40_000
    raw = large(content).as_bytes()
    tracemalloc.start()
    try:
        mail = read(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert mail.attachments[0].content == content
    assert peak < 1.5 * len(content)
