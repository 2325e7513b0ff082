"""OpenPGP for mail (RFC 9580 in the forms that GnuPG 2.2 writes and reads; PGP/MIME as in RFC 3156)."""

import re
import warnings
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any, Literal

Signed = Literal["", "good", "unknown", "bad"]

MESSAGE = re.compile(r"-----BEGIN PGP MESSAGE-----.+?-----END PGP MESSAGE-----", re.S)
PUBLIC = re.compile(r"-----BEGIN PGP PUBLIC KEY BLOCK-----.+?-----END PGP PUBLIC KEY BLOCK-----", re.S)
CLEARSIGNED = re.compile(r"-----BEGIN PGP SIGNED MESSAGE-----.+?-----END PGP SIGNATURE-----", re.S)
LARGEST = 60_000_000  # bytes of what an encrypted mail may unpack to: a compressed bomb ends here


class BadKey(Exception):
    """This is no key that can be used; the text says why."""


@dataclass(frozen=True)
class Opened:
    """``content`` is what was inside: a MIME part, or plain text. ``signed``: good and by whom, by a key that we do not
    know, or broken. ``opened`` is False where no key of ours fits."""

    opened: bool = False
    content: bytes = field(default=b"", repr=False)
    signed: Signed = ""
    by: str = ""


def generate(name: str, email: str) -> str:
    """A new private key in armour (Ed25519 with Curve25519), without a passphrase: it is kept sealed."""
    pgpy, constants = _pgpy()
    key = pgpy.PGPKey.new(constants.PubKeyAlgorithm.EdDSA, constants.EllipticCurveOID.Ed25519)
    uid = pgpy.PGPUID.new(name, email=email)
    key.add_uid(
        uid,
        usage={constants.KeyFlags.Sign, constants.KeyFlags.Certify},
        hashes=[constants.HashAlgorithm.SHA256, constants.HashAlgorithm.SHA512],
        ciphers=[constants.SymmetricKeyAlgorithm.AES256, constants.SymmetricKeyAlgorithm.AES128],
        compression=[constants.CompressionAlgorithm.ZLIB, constants.CompressionAlgorithm.Uncompressed],
    )
    below = pgpy.PGPKey.new(constants.PubKeyAlgorithm.ECDH, constants.EllipticCurveOID.Curve25519)
    key.add_subkey(below, usage={constants.KeyFlags.EncryptCommunications, constants.KeyFlags.EncryptStorage})
    return str(key)


def private_key(armoured: str) -> str:
    """A pasted private key, checked: readable, without a passphrase, not expired. Raises BadKey."""
    key = _key(armoured)
    if key.is_public:
        raise BadKey("public")
    if key.is_protected:
        raise BadKey("passphrase")
    if key.is_expired:
        raise BadKey("expired")
    return str(key)


def public_key(armoured: str | bytes) -> str:
    """The public half of a key, or a public key as it is, in armour. Raises BadKey."""
    key = _key(armoured)
    return str(key if key.is_public else key.pubkey)


def public_bytes(armoured: str) -> bytes:
    """A public key as bytes without armour, as a Web Key Directory serves it. Raises BadKey."""
    key = _key(armoured)
    return bytes(key if key.is_public else key.pubkey)


def fingerprint(armoured: str) -> str:
    """40 hexadecimal digits. Raises BadKey."""
    return str(_key(armoured).fingerprint).replace(" ", "")


def addresses(armoured: str) -> tuple[str, ...]:
    """The mail addresses that a key is for, in lower case. Raises BadKey."""
    return tuple(dict.fromkeys(uid.email.lower() for uid in _key(armoured).userids if uid.email))


def keys_in(texts: list[str]) -> list[str]:
    """The public keys that stand in texts and files, each once, in armour."""
    found: dict[str, str] = {}
    for text in texts:
        for block in PUBLIC.findall(text[:400_000])[:5]:
            try:
                found.setdefault(fingerprint(block), public_key(block))
            except BadKey:
                continue
    return list(found.values())


def open_mail(raw: bytes, private: str, known: list[str]) -> Opened | None:
    """What is in an encrypted or signed mail; None if it is neither. ``known`` are public keys of the sender.

    Takes PGP/MIME and the old form with armour in the text. Never raises: a mail that cannot be opened says so.
    """
    from kefu.text.mail.read import parse

    message = parse(raw)
    kind = message.get_content_type()
    try:
        if kind == "multipart/encrypted":
            return _open(_encrypted_part(message), private, known)
        if kind == "multipart/signed" and "pgp" in str(message.get_param("protocol") or "").lower():
            return _check_detached(raw, message, known)
        if b"-----BEGIN PGP MESSAGE-----" in raw:
            from kefu.text.mail.read import read

            block = MESSAGE.search(read(raw).text)
            return _open(block[0], private, known) if block else None
        if b"-----BEGIN PGP SIGNED MESSAGE-----" in raw:
            from kefu.text.mail.read import read

            block = CLEARSIGNED.search(read(raw).text)
            return _check_clear(block[0], known) if block else None
    except Exception:  # the library raises whatever its parser meets
        return Opened()
    return None


def sign_and_encrypt(content: bytes, private: str, recipients: list[str]) -> str:
    """Armour of ``content`` (a MIME part with CRLF), signed with our key and readable for every public key given and us."""
    pgpy, constants = _pgpy()
    own = _key(private)
    with _quiet():
        message = pgpy.PGPMessage.new(content, file=False, format="b")
        message |= own.sign(message)
        session = constants.SymmetricKeyAlgorithm.AES256.gen_key()
        for public in (*recipients, str(own.pubkey)):
            message = _key(public).encrypt(message, cipher=constants.SymmetricKeyAlgorithm.AES256, sessionkey=session)
    return str(message)


def sign(content: bytes, private: str) -> str:
    """A detached signature of ``content``, in armour."""
    _pgp, constants = _pgpy()
    with _quiet():
        return str(_key(private).sign(content, hash=constants.HashAlgorithm.SHA256))


def boundary() -> str:
    """A random part of a boundary that stands in no text."""
    import secrets

    return secrets.token_hex(16)


def _open(armoured: str | bytes, private: str, known: list[str]) -> Opened:
    pgpy, _constants = _pgpy()
    with _quiet():
        message = pgpy.PGPMessage.from_blob(armoured)
        if not message.is_encrypted:
            content = _content(message)
            return Opened(True, content, *_by(message, known))
        if not private:
            return Opened()
        inside = _key(private).decrypt(message)
        content = _content(inside)
        if len(content) > LARGEST:
            return Opened()
        return Opened(True, content, *_by(inside, known))


def _content(message: Any) -> bytes:
    said = message.message
    return said.encode() if isinstance(said, str) else bytes(said)


def _by(message: Any, known: list[str]) -> tuple[Signed, str]:
    if not message.is_signed:
        return "", ""
    return _verified(known, lambda key: bool(key.verify(message)), {s.signer for s in message.signatures})


def _check_detached(raw: bytes, message: Message, known: list[str]) -> Opened:
    pgpy, _constants = _pgpy()
    parts = message.get_payload()
    if not isinstance(parts, list) or len(parts) < 2:
        return Opened()
    # Every byte between the boundaries counts, so they are cut out of the raw mail, with CRLF (RFC 3156, 5).
    boundary = str(message.get_boundary() or "").encode()
    pieces = raw.replace(b"\r\n", b"\n").split(b"--" + boundary)
    content = pieces[1].removeprefix(b"\n").removesuffix(b"\n").replace(b"\n", b"\r\n")
    with _quiet():
        armour = parts[1].get_payload(decode=True) if isinstance(parts[1], Message) else b""
        signature = pgpy.PGPSignature.from_blob(armour)
        signed, by = _verified(known, lambda key: bool(key.verify(content, signature)), {signature.signer})
    return Opened(True, content, signed, by)


def _check_clear(text: str, known: list[str]) -> Opened:
    pgpy, _constants = _pgpy()
    with _quiet():
        message = pgpy.PGPMessage.from_blob(text)
        return Opened(True, _content(message), *_by(message, known))


def _verified(known: list[str], verify: Any, signers: set[str]) -> tuple[Signed, str]:
    for public in known:
        key = _key(public)
        ids = {key.fingerprint.keyid, *(below for below in key.subkeys)}
        if not ids & signers:
            continue
        try:
            good = verify(key)
        except Exception:
            good = False
        return ("good", fingerprint(public)) if good else ("bad", fingerprint(public))
    return "unknown", next(iter(signers), "")


def _encrypted_part(message: Message) -> bytes:
    parts = message.get_payload()
    found = (
        [part for part in parts if isinstance(part, Message) and part.get_content_type() == "application/octet-stream"]
        if isinstance(parts, list)
        else []
    )
    payload = found[0].get_payload(decode=True) if found else b""
    return payload if isinstance(payload, bytes) else b""


def inner_mail(outer: Message, content: bytes) -> bytes:
    """The mail with what was inside in place of its encrypted body: header fields from outside, content from inside."""
    inside = BytesParser(policy=compat32).parsebytes(content)
    if not inside.keys():
        inside.set_payload(content)
        inside["Content-Type"] = "text/plain; charset=utf-8"
    lines = [f"{key}: {value}" for key, value in outer.items() if not key.lower().startswith(("content-", "mime-version"))]
    head = "\r\n".join(line.replace("\r\n", "\n").replace("\n", "\r\n") for line in lines)
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + inside.as_bytes()


def _key(armoured: str | bytes) -> Any:
    pgpy, _constants = _pgpy()
    try:
        with _quiet():
            found = pgpy.PGPKey.from_blob(armoured.strip() if isinstance(armoured, str) else armoured)
        return found[0] if isinstance(found, tuple) else found
    except Exception as error:
        raise BadKey("unreadable") from error


def _quiet() -> Any:
    """The library warns of what it does not do yet on every call; none of it is for our logs."""
    caught = warnings.catch_warnings()
    caught.__enter__()
    warnings.simplefilter("ignore")
    return _Leaving(caught)


class _Leaving:
    def __init__(self, caught: Any) -> None:
        self.caught = caught

    def __enter__(self) -> None:
        return None

    def __exit__(self, *error: Any) -> None:
        self.caught.__exit__(*error)


def _pgpy() -> tuple[Any, Any]:
    """Loaded late: most installations have no key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgpy
        from pgpy import constants
    return pgpy, constants
