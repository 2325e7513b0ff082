"""A mail that signs itself when it is written out: with OpenPGP for those who use it, with DKIM for every server."""

import base64
from email import message_from_bytes
from email.message import Message as MimeMessage
from email.policy import SMTP, compat32
from typing import Any

from django.core.mail import EmailMultiAlternatives

from kefu.text.mail import pgp

_SIGNED_FIELDS = (
    "from to cc subject date message-id in-reply-to references reply-to mime-version content-type auto-submitted"
    " list-unsubscribe list-unsubscribe-post"  # RFC 8058, 4: else programs offer no button
).split()


class SignedMail(EmailMultiAlternatives):
    """``dkim`` is (selector, domain, private key in PEM). ``pgp`` is (our private key, the recipient's public keys):
    with keys the mail is signed and encrypted, without any it is signed only; None leaves it as it is."""

    dkim: tuple[str, str, str] | None = None
    pgp: tuple[str, list[str]] | None = None
    metadata: dict[str, str] | None = None  # for a provider, which tells it again with its news

    def message(self, *args: Any, **more: Any) -> MimeMessage:  # type: ignore[override]
        """The mail's MIME tree, wrapped (RFC 3156) and with its DKIM-Signature (RFC 6376, relaxed/relaxed)."""
        made: Any = super().message(*args, **more)
        if self.pgp:
            made = _wrapped(made, *self.pgp)
        if self.dkim:
            import dkim

            selector, domain, key = self.dkim
            line = dkim.sign(
                _bytes(made),
                selector.encode(),
                domain.encode(),
                key.encode(),
                canonicalize=(b"relaxed", b"relaxed"),
                include_headers=[name.encode() for name in _SIGNED_FIELDS if made.get(name)],
            )
            made["DKIM-Signature"] = " ".join(line.decode().partition(":")[2].split())
        return made  # type: ignore[no-any-return]


class _Wrapped(MimeMessage):
    """Written out as it was signed: byte by byte, with CRLF."""

    def __init__(self, raw: bytes) -> None:
        super().__init__(policy=SMTP)
        self.raw = raw

    def as_bytes(self, *args: Any, **more: Any) -> bytes:
        """Everything, with fields that were added after the wrapping on top."""
        added = b"".join(f"{key}: {value}\r\n".encode() for key, value in self.items() if key == "DKIM-Signature")
        return added + self.raw


def _bytes(made: Any) -> bytes:
    return made.as_bytes() if isinstance(made, _Wrapped) else made.as_bytes(linesep="\r\n")


def _wrapped(made: Any, private: str, recipients: list[str]) -> MimeMessage:
    """The mail with its content signed, and encrypted where there are keys. Header fields stay outside."""
    body = message_from_bytes(made.as_bytes(linesep="\r\n"))
    outside = [(key, value) for key, value in body.items() if not key.lower().startswith(("content-", "mime-version"))]
    for key, _value in outside:
        del body[key]
    del body["MIME-Version"]
    _seven_bit(body)
    inner = body.as_bytes(policy=compat32.clone(linesep="\r\n")).rstrip(b"\r\n")
    boundary = "kefu-" + pgp.boundary()
    if recipients:
        armour = pgp.sign_and_encrypt(inner + b"\r\n", private, recipients).replace("\r\n", "\n").replace("\n", "\r\n").encode()
        kind = f'multipart/encrypted; protocol="application/pgp-encrypted"; boundary="{boundary}"'
        parts = [
            b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n",
            b'Content-Type: application/octet-stream; name="encrypted.asc"\r\nContent-Disposition: inline; filename="encrypted.asc"\r\n\r\n'
            + armour,
        ]
    else:
        armour = pgp.sign(inner, private).replace("\r\n", "\n").replace("\n", "\r\n").encode()
        kind = f'multipart/signed; micalg="pgp-sha256"; protocol="application/pgp-signature"; boundary="{boundary}"'
        parts = [inner, b'Content-Type: application/pgp-signature; name="signature.asc"\r\n\r\n' + armour]
    edge = f"--{boundary}".encode()
    head = "".join(f"{key}: {_folded(value)}\r\n" for key, value in (*outside, ("MIME-Version", "1.0"), ("Content-Type", kind)))
    raw = head.encode("utf-8", "surrogateescape") + b"\r\n"
    raw += b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
    wrapped = _Wrapped(raw)
    for key, value in (*outside, ("Content-Type", kind)):
        wrapped[key] = value.replace("\r", "").replace("\n", "")  # unfolded: a policy takes no line ends
    return wrapped


def _folded(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\n", "\r\n")


def _seven_bit(body: MimeMessage) -> None:
    """Only 7-bit lines survive every server unchanged, and a signature needs them unchanged (RFC 3156, 3)."""
    for part in body.walk():
        if part.is_multipart() or str(part.get("Content-Transfer-Encoding", "7bit")).lower() not in {"8bit", "7bit"}:
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and (not payload.isascii() or any(len(line) > 900 for line in payload.split(b"\n"))):
            del part["Content-Transfer-Encoding"]
            part.set_payload(base64.encodebytes(payload).decode())
            part["Content-Transfer-Encoding"] = "base64"
