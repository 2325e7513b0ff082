"""A secret is found in whatever it is packed; ordinary files stay as they are; nothing in a file can hold up the look."""

import gzip
import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.files import look
from kefu.text.files.allowance import Allowance
from packed_files import everywhere, zipped

SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
HARMLESS = "deposit of five hundred USDT has not arrived since this morning please help me"


@pytest.mark.parametrize("name", sorted(everywhere(SEED)))
def test_a_seed_phrase_is_found_in_every_kind_of_file(name):
    assert "seed_phrase" in look(name, everywhere(SEED)[name]).kinds


@pytest.mark.parametrize("name", sorted(everywhere(HARMLESS)))
def test_harmless_words_are_not_taken_for_secrets(name):
    found = look(name, everywhere(HARMLESS)[name])
    assert found.kinds == () and found.whole


def test_plain_text_is_kept_without_the_secret():
    found = look("a.log", f"GET /api 200\nphrase: {SEED}\nPOST /api 500".encode())
    assert found.text is not None and "sausage" not in found.text
    assert found.text.startswith("GET /api 200") and found.text.endswith("POST /api 500")


def test_what_shows_only_without_its_tags_cannot_be_cut_out():
    found = look("a.xml", ("<i>" + "</i><i>".join(SEED.split()) + "</i>").encode())
    assert found.kinds == ("seed_phrase",) and found.text is None


def test_a_key_in_a_links_address_is_found():
    page = f'<html><a href="https://x.example/?words={SEED.replace(" ", "%20")}" title="{SEED}">here</a></html>'
    assert "seed_phrase" in look("a.xml", page.encode()).kinds


def test_an_archive_made_to_be_endless_ends_the_look():
    bomb = gzip.compress(b"0" * 90_000_000)
    began = time.monotonic()
    assert not look("a.gz", bomb).whole
    nested = zipped(seed_txt="x")
    for _ in range(8):
        nested = zipped(deeper_zip=nested)
    assert not look("a.zip", nested).whole
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(500):
            archive.writestr(f"{n}.txt", "x")
    assert not look("many.zip", out.getvalue()).whole
    assert time.monotonic() - began < 30


def test_a_very_long_text_is_not_called_clean():
    assert not look("a.txt", b"word " * 1000, Allowance(characters=100)).whole


@given(st.binary(max_size=2000), st.sampled_from(["a.pdf", "a.zip", "a.eml", "a.txt", "a.docx", "a.gz", ""]))
def test_no_bytes_raise(content, name):
    for head in (b"", b"%PDF-1.4\n", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"{\\rtf1 ", b"<html>"):
        look(name, head + content)


@given(st.binary(max_size=300), st.integers(0, 900))
def test_a_damaged_document_does_not_raise(noise, place):
    for content in (everywhere(SEED)["scan.pdf"], everywhere(SEED)["table.xlsx"]):
        look("a", content[:place] + noise + content[place + len(noise) :])
