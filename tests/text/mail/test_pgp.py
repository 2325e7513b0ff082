"""OpenPGP with the real GnuPG on the other side, in both directions."""

import os
import subprocess

import pytest

from kefu.text.mail import pgp, read
from mail_servers import need


@pytest.fixture(scope="module")
def ours():
    return pgp.generate("Beichen support", "support@beichen.example")


@pytest.fixture(scope="module")
def gnupg(tmp_path_factory, ours):
    """gpg(*arguments, given=b"…") with a key of Ana and our public key."""
    program = need("gpg")
    home = tmp_path_factory.mktemp("gpg")
    os.chmod(home, 0o700)

    def run(*arguments, given=b"", good=True):
        command = [
            program,
            "--homedir",
            str(home),
            "--batch",
            "--yes",
            "--trust-model",
            "always",
            "--pinentry-mode",
            "loopback",
            "--passphrase",
            "",
            *arguments,
        ]
        done = subprocess.run(command, input=given, capture_output=True, timeout=60)
        assert done.returncode == 0 or not good, done.stderr.decode()
        return done

    run("--import", given=pgp.public_key(ours).encode())
    run("--quick-gen-key", "Ana <ana@mail.example>", "default", "default", "never")
    return run


@pytest.fixture(scope="module")
def anas(gnupg):
    return gnupg("--armor", "--export", "ana@mail.example").stdout.decode()


INSIDE = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + "我的提币没到账\r\n".encode()


def encrypted(armour: bytes) -> bytes:
    return (
        b'From: Ana <ana@mail.example>\r\nTo: support@beichen.example\r\nSubject: secret\r\nMessage-ID: <e@x>\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b\r\n\r\n'
        b"--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n--b\r\nContent-Type: application/octet-stream; name=encrypted.asc\r\n\r\n"
        + armour
        + b"\r\n--b--\r\n"
    )


def test_gnupg_writes_we_read(gnupg, ours, anas):
    armour = gnupg("--armor", "--encrypt", "--sign", "-u", "ana@mail.example", "-r", "support@beichen.example", given=INSIDE).stdout
    opened = pgp.open_mail(encrypted(armour), ours, [anas])
    assert (opened.opened, opened.signed, opened.by) == (True, "good", pgp.fingerprint(anas))
    from kefu.text.mail.read import parse

    mail = read(pgp.inner_mail(parse(encrypted(armour)), opened.content))
    assert mail.text.strip() == "我的提币没到账"
    assert (mail.sender, mail.subject, mail.message_id) == ("ana@mail.example", "secret", "<e@x>")
    assert pgp.open_mail(encrypted(armour), ours, []).signed == "unknown"


def test_a_mail_for_another_key_says_that_it_stays_closed(gnupg, anas, ours):
    armour = gnupg("--armor", "--encrypt", "-r", "ana@mail.example", given=INSIDE).stdout
    assert pgp.open_mail(encrypted(armour), ours, []) == pgp.Opened()
    assert pgp.open_mail(encrypted(b"-----BEGIN PGP MESSAGE-----\n\nrubbish\n-----END PGP MESSAGE-----"), ours, []) == pgp.Opened()


def test_armour_in_the_text(gnupg, ours, anas):
    armour = gnupg("--armor", "--encrypt", "-r", "support@beichen.example", given=b"inline words").stdout
    raw = b"From: ana@mail.example\r\n\r\nplease read:\r\n" + armour
    assert pgp.open_mail(raw, ours, [anas]).content == b"inline words"
    clear = gnupg("--armor", "--clear-sign", "-u", "ana@mail.example", given=b"clear words\n").stdout
    opened = pgp.open_mail(b"From: ana@mail.example\r\n\r\n" + clear, ours, [anas])
    assert opened.signed == "good" and b"clear words" in opened.content
    assert pgp.open_mail(b"From: ana@mail.example\r\n\r\n" + clear.replace(b"clear words", b"other words"), ours, [anas]).signed == "bad"


def test_a_detached_signature(gnupg, ours, anas):
    signature = gnupg("--armor", "--detach-sign", "-u", "ana@mail.example", "--output", "-", given=INSIDE.removesuffix(b"\r\n")).stdout
    raw = (
        b'From: ana@mail.example\r\nContent-Type: multipart/signed; micalg=pgp-sha512; protocol="application/pgp-signature"; boundary=b\r\n\r\n--b\r\n'
        + INSIDE.removesuffix(b"\r\n")
        + b"\r\n--b\r\nContent-Type: application/pgp-signature; name=signature.asc\r\n\r\n"
        + signature
        + b"\r\n--b--\r\n"
    )
    assert pgp.open_mail(raw, ours, [anas]).signed == "good"
    assert pgp.open_mail(raw.replace("提币".encode(), "充值".encode()), ours, [anas]).signed == "bad"


def test_we_write_gnupg_reads(gnupg, ours, anas):
    armour = pgp.sign_and_encrypt(INSIDE, ours, [anas])
    done = gnupg("--decrypt", given=armour.encode())
    assert done.stdout == INSIDE
    assert b"Good signature" in done.stderr


def test_gnupg_believes_our_signature(gnupg, ours, tmp_path):
    (tmp_path / "text").write_bytes(INSIDE)
    (tmp_path / "text.asc").write_text(pgp.sign(INSIDE, ours))
    done = gnupg("--verify", str(tmp_path / "text.asc"), str(tmp_path / "text"))
    assert b"Good signature" in done.stderr


def test_keys_are_found_and_told(ours, anas):
    assert pgp.addresses(anas) == ("ana@mail.example",)
    assert [pgp.fingerprint(key) for key in pgp.keys_in(["hello\n" + anas + "\nbye", anas])] == [pgp.fingerprint(anas)]
    assert pgp.private_key(ours)
    for wrong, why in ((anas, "public"), ("nothing", "unreadable")):
        with pytest.raises(pgp.BadKey, match=why):
            pgp.private_key(wrong)


def test_a_plain_mail_is_neither(ours):
    assert pgp.open_mail(b"From: a@b.example\r\n\r\nhello", ours, []) is None
