"""Mails as broken mailers write them: nothing is lost and nothing raises."""

import base64
import struct
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.text.mail import kind, read, visible_text

CHINESE = "您好，我的提币还没有到账，请帮我查一下，谢谢。"
TRADITIONAL = "您好，請問我的訂單為什麼還沒有到帳？請幫我查詢，謝謝您。"
RUSSIAN = "Здравствуйте, вывод средств не пришёл, помогите пожалуйста разобраться."
JAPANESE = "こんにちは、出金がまだ届いていません。ご確認をお願いします。"
KOREAN = "안녕하세요, 출금이 아직 도착하지 않았습니다. 확인 부탁드립니다."


def plain(body: bytes, charset: str | None = None, encoding: str = "8bit", **fields: str) -> bytes:
    lines = [f"{k.replace('_', '-')}: {v}" for k, v in fields.items()]
    kind_line = "Content-Type: text/plain" + (f"; charset={charset}" if charset else "")
    head = "\r\n".join(
        ["From: Ana <ana@example.com>", "To: support@beichen.example", *lines, kind_line, f"Content-Transfer-Encoding: {encoding}"]
    )
    return head.encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "gbk", "gb2312"),
        (CHINESE, "gb18030", "GBK"),
        (CHINESE, "gbk", None),
        (CHINESE, "gbk", "utf-8"),
        (CHINESE, "gbk", "x-unknown"),
        (CHINESE, "utf-8", "gb2312-broken"),
        (CHINESE, "utf-8", None),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "big5", None),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "koi8-r", None),
        (RUSSIAN, "cp1251", None),
        (RUSSIAN, "utf-8", "iso-8859-1"),
        (JAPANESE, "iso2022_jp", "iso-2022-jp"),
        (JAPANESE, "iso2022_jp", None),
        (JAPANESE, "shift_jis", None),
        (JAPANESE, "euc_jp", None),
        (KOREAN, "euc_kr", "ks_c_5601-1987"),
        (KOREAN, "euc_kr", None),
        ("Größe für “Zürich” – 5 €", "cp1252", "iso-8859-1"),
        ("Größe für Zürich und alle anderen Städte der Schweiz", "cp1252", None),
    ],
)
def test_text_is_read_whatever_the_charset_is_called(text, codec, declared):
    assert read(plain(text.encode(codec), declared)).text == text


def test_a_subject_cut_in_the_middle_of_a_character():
    raw = CHINESE.encode("gb18030")
    a, b = base64.b64encode(raw[:15]).decode(), base64.b64encode(raw[15:]).decode()
    mail = read(plain(b"x", Subject=f"=?gb2312?B?{a}?=\r\n =?gb2312?B?{b}?="))
    assert mail.subject == CHINESE


def test_raw_gbk_in_the_subject():
    raw = b"From: a@b.example\r\nSubject: " + CHINESE.encode("gbk") + b"\r\n\r\nhi"
    assert read(raw).subject == CHINESE


def test_a_file_name_in_pieces():
    name = "证件 照片.png"
    quoted = "".join(f"%{b:02X}" for b in name.encode())
    head = f"Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename*0*=utf-8''{quoted[:30]};\r\n filename*1*={quoted[30:]}\r\n"
    raw = (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\n"
        + head.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\naGFsbG8=\r\n--x--\r\n"
    )
    mail = read(raw)
    assert [(a.name, a.content) for a in mail.attachments] == [(name, b"hallo")]
    assert mail.text.strip() == "hello"


def test_a_path_in_a_file_name_is_dropped():
    raw = b'From: a@b.example\r\nContent-Type: application/zip; name="..\\\\..\\\\etc/passwd"\r\nContent-Disposition: attachment\r\n\r\nx'
    assert read(raw).attachments[0].name == "passwd"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"no header at all",
        b"From: a@b.example",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary\r\n",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nnever closed",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 3000,
        b"Content-Type: text/plain; charset=\xff\xfe\r\n\r\nhi",
        b"Message-ID: <[oops]@x>\r\nDate: yesterday\r\n\r\nhi",
        b"From: =?utf-8?B?=?=\r\nSubject: =?x?y?z?=\r\n\r\nhi",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!",
        b"A: b\r\n" * 5000 + b"\r\nhi",
        b"Content-Type: text/plain; charset=unicode_escape\r\n\r\n\\N{SNOWMAN}",
        b"Content-Type: text/plain; charset=utf-16\r\n\r\nodd",
        b"Content-Type: application/ms-tnef; name=winmail.dat\r\n\r\nnot tnef",
    ],
)
def test_garbage_is_read_as_far_as_it_goes(raw):
    mail = read(raw)
    assert "\x00" not in mail.text
    assert kind(raw) in {"human", "auto-reply", "bounce"}


def test_a_hundred_mails_inside_one_another():
    raw = b"hi"
    for i in range(400):
        raw = f"Content-Type: multipart/mixed; boundary=b{i}\r\n\r\n--b{i}\r\n".encode() + raw + f"\r\n--b{i}--\r\n".encode()
    mail = read(b"From: a@b.example\r\nSubject: deep\r\n" + raw)
    assert mail.sender == "a@b.example"
    assert "nested too deeply" in mail.problems


def test_ids_and_people():
    raw = plain(
        b"x",
        Cc="undisclosed-recipients:;, =?utf-8?Q?Zo=C3=AB?= <zoe@x.example>, <bad",
        Message_ID="<a.1@x>",
        References="<r1@x> <r2@x>",
        In_Reply_To="<r1@x>",
        Reply_To='"Doe, J." <j@x.example>',
    )
    mail = read(raw)
    assert mail.message_id == "<a.1@x>"
    assert mail.references == ("<r2@x>", "<r1@x>")
    assert mail.recipients == ("support@beichen.example", "zoe@x.example")
    assert (mail.cc[0].name, mail.reply_to[0].name) == ("Zoë", "Doe, J.")


def test_html_alone_gives_text():
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("<p>Hello <b>there</b></p><p>Second</p>", subtype="html")
    mail = read(message.as_bytes())
    assert mail.text.split() == ["Hello", "there", "Second"]


def test_a_calendar_and_a_mail_inside_are_files():
    inner = EmailMessage()
    inner["Subject"] = "Your withdrawal"
    inner.set_content("phishing")
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("is this from you?")
    message.add_attachment(inner)
    message.add_attachment(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    names = [a.name for a in read(message.as_bytes()).attachments]
    assert names == ["Your withdrawal.eml", "invitation.ics"]


def test_flowed_lines_are_joined():
    raw = plain(b"This is \r\none line\r\n", "utf-8; format=flowed")
    assert read(raw).text.strip() == "This is one line"


def test_uuencoded_file_in_the_text():
    import binascii

    body = b"see file\r\nbegin 644 log.txt\r\n" + binascii.b2a_uu(b"line one") + b"`\r\nend\r\n"
    mail = read(plain(body))
    assert [(a.name, a.content) for a in mail.attachments] == [("log.txt", b"line one")]
    assert "begin" not in mail.text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_raise(raw):
    for one in (raw, b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n" + raw, b"Subject: " + raw):
        mail = read(one)
        (mail.subject + mail.text + mail.sender + "".join(a.name for a in mail.attachments)).encode("utf-8")
        assert "\x00" not in mail.subject + mail.text
        kind(one)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from(list(">:-_ \n\r\t@<>.aB1wrote0é发件人写道：\u202e\x00\ud800")), max_size=600), st.booleans())
def test_visible_text_holds_on_anything(text, html):
    visible_text(text, html=html)


def winmail(name: str, data: bytes) -> bytes:
    """A winmail.dat of one file (MS-OXTNEF, 2.1.3): signature, key, then attributes with a length and a checksum."""

    def attribute(level: int, number: int, value: bytes) -> bytes:
        return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)

    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(2, 0x00069002, b"\x01\x00" + b"\xff" * 4 + b"\x00" * 8)
        + attribute(2, 0x00018010, name.encode() + b"\x00")
        + attribute(2, 0x0006800F, data)
    )


def test_winmail_is_opened_and_its_paths_dropped():
    raw = b"From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += base64.encodebytes(winmail("..\\..\\run.txt", b"hello"))
    assert [(a.name, a.content) for a in read(raw).attachments] == [("run.txt", b"hello")]
