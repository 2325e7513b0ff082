"""Uploads: what they are counts, not what they are called; nothing about the sender stays in them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from kefu.conversations.envelope import Inbound
from kefu.conversations.files import BadUpload, read_address, safe_name, signed_address, upload
from kefu.conversations.models import Attachment
from kefu.conversations.receive import receive
from kefu.conversations.refused_files import why_refused
from kefu.text.files import look
from packed_files import docx, everywhere

pytestmark = pytest.mark.django_db
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def picture(kind="JPEG", exif=True):
    image = Image.new("RGB", (40, 30), "red")
    data = Image.Exif()
    data[0x010E] = "my secret garden"
    out = io.BytesIO()
    image.save(out, kind, **({"exif": data} if exif and kind == "JPEG" else {}))
    return out.getvalue()


def send(talk, name, content):
    return upload(talk, SimpleUploadedFile(name, content), by_customer=True)


def test_a_picture_loses_its_metadata_and_gets_a_thumbnail(talk):
    from django.core.files.storage import default_storage

    stored = send(talk, "holiday.jpg", picture())
    content = default_storage.open(stored.storage_key).read()
    assert b"secret garden" not in content and stored.thumbnail_key
    assert (stored.content_type, stored.width, stored.height) == ("image/jpeg", 40, 30)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("virus.exe", b"MZ" + b"0" * 100, "type"),
        ("page.html", b"<script>alert(1)</script>", "type"),
        ("fake.pdf", b"hello, I am no PDF at all", "content"),
        ("empty.txt", b"", "empty"),
        ("broken.png", picture("PNG")[:60], "image"),
        ("nul.txt", b"a\x00b", "content"),
    ],
)
def test_what_is_not_what_it_says_is_refused(talk, name, content, reason):
    with pytest.raises(BadUpload) as caught:
        send(talk, name, content)
    assert caught.value.reason == reason


def test_a_file_over_the_limit_is_refused(talk, settings):
    settings.UPLOAD_LIMIT = 10
    with pytest.raises(BadUpload) as caught:
        send(talk, "a.txt", b"x" * 11)
    assert caught.value.reason == "too_large"


def test_a_secret_in_a_text_file_is_not_kept(talk):
    from django.core.files.storage import default_storage

    stored = send(talk, "notes.txt", b"my words: legal winner thank year wave sausage worth useful legal winner thank yellow")
    assert b"sausage" not in default_storage.open(stored.storage_key).read()


@pytest.mark.parametrize("name", sorted(everywhere(SEED)))
def test_a_secret_in_any_kind_of_file_is_not_kept(talk, name):
    from django.core.files.storage import default_storage

    try:
        stored = send(talk, name, everywhere(SEED)[name])
    except BadUpload as error:
        assert (error.reason, error.kinds) == ("secret", ("seed_phrase",))
        assert "a seed phrase" in why_refused(error) and "move your funds" in why_refused(error)
        assert not Attachment.objects.exists()
    else:
        assert stored.removed == ["seed_phrase"]
        assert not look(name, default_storage.open(stored.storage_key).read()).kinds


def test_who_sends_a_file_with_a_secret_is_told_when_the_message_comes(talk):
    stored = send(talk, "notes.txt", SEED.encode())
    sender = talk.customer.identities.first()
    got = receive(
        Inbound(
            channel=talk.channel,
            sender_kind=sender.kind,
            sender=sender.address,
            text="see file",
            key="f1",
            thread=str(talk.uid),
            files=(stored.uid.hex,),
        )
    )
    assert got.removed == ["seed_phrase"]
    assert talk.messages.filter(kind="bot", data__role="secret_advice").exists()


def test_ordinary_documents_are_taken(talk):
    for name in ("letter.docx", "table.xlsx", "scan.pdf", "logs.zip"):
        assert send(talk, name, everywhere("nothing but ordinary words in it")[name]).content_type != "text/plain"


def test_a_document_with_a_program_is_refused(talk):
    with pytest.raises(BadUpload) as caught:
        send(talk, "a.docx", docx("hello") + b"word/vbaProject.bin")
    assert caught.value.reason == "macros"


def test_names_lead_nowhere():
    assert safe_name("../../etc/passwd.png", ".png") == "passwd.png"
    assert safe_name("a\u202egnp.exe", ".png") == "agnp.png"
    assert safe_name("///", ".txt") == "file.txt"


def test_an_address_that_was_tampered_with_opens_nothing(talk):
    token = signed_address(send(talk, "a.txt", b"hello")).rsplit("/", 1)[-1]
    assert read_address(token) is not None
    assert read_address(token[:-2] + "xx") is None
