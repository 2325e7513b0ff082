"""What is said about each way in which connecting a mailbox fails, with real servers' words and real certificates."""

import datetime
import ipaddress
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils.translation import override

from kefu.channels.email.models import Mailbox
from kefu.channels.email.probe import Step, probe
from kefu.web.desk.mailbox_advice import advice


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("connect", "Name or service not known", "no server of this name"),
        ("connect", "Connection refused", "nothing listens on this port"),
        ("connect", "timed out", "does not answer"),
        ("connect", "unexpected response: b'220 mx.test.example ESMTP Postfix'", "for sending (SMTP) answers"),
        ("connect", "(-1, b'* OK [CAPABILITY IMAP4rev1] Dovecot ready.')", "for receiving (IMAP) answers"),
        ("connect", "Connection unexpectedly closed", "expects TLS"),
        ("tls", "WRONG_VERSION_NUMBER", "does not begin with TLS"),
        ("tls", "STARTTLS extension not supported by server.", "offers no STARTTLS"),
        ("tls", "TLS not supported by server", "offers no STARTTLS"),
        ("tls", "certificate has expired", "has expired"),
        ("tls", "Hostname mismatch, certificate is not valid for 'a.example'.", "for another name"),
        ("tls", "self-signed certificate", "not signed by an authority"),
        ("login", "SMTP AUTH extension not supported by server.", "offers no sign-in"),
        ("login", "[ALERT] Application-specific password required", "wants an app password"),
        ("login", "[AUTHENTICATIONFAILED] Authentication failed.", "User name or password is refused"),
        ("login", "token refused: [AUTHENTICATIONFAILED] no", "not for this mailbox"),
        ("login", "the server offers no sign-in by token (XOAUTH2 or OAUTHBEARER)", "takes no tokens"),
        ("consent", "invalid_client AADSTS7000222: expired", "The secret may have run out"),
        ("folder", "Mailbox doesn't exist: Nope", "nearly always INBOX"),
        ("tls", "something never seen", "Try the other kind"),
    ],
)
def test_each_cause_has_its_own_advice(name, said, words):
    with override("en"):
        assert words in advice(Step("imap", name, False, said))


def certificate(host, days):
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    alternative = x509.IPAddress(ipaddress.ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - datetime.timedelta(days=30)).not_valid_after(now + datetime.timedelta(days=days))
    made = made.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    signed = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    pem = signed.public_bytes(serialization.Encoding.PEM)
    return pem, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


@pytest.mark.parametrize(
    ("host", "days", "known", "words"),
    [
        ("127.0.0.1", 30, False, "not signed by an authority"),
        ("other.example", 30, True, "for another name"),
        ("127.0.0.1", -1, True, "has expired"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_said(tmp_path, monkeypatch, host, days, known, words):
    pem, key = certificate(host, days)
    (tmp_path / "both.pem").write_bytes(pem + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    (tmp_path / "known.pem").write_bytes(pem)
    if known:
        real = ssl.create_default_context
        monkeypatch.setattr(ssl, "create_default_context", lambda *a, **k: real(cafile=str(tmp_path / "known.pem")))
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                context.wrap_socket(listening.accept()[0], server_side=True).close()
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    port = listening.getsockname()[1]
    box = Mailbox(address="a@b.example", imap_host="127.0.0.1", imap_port=port, smtp_host="127.0.0.1", smtp_port=port, smtp_security="tls")
    steps = [one for one in probe(box) if not one.good]
    listening.close()
    with override("en"):
        assert [(one.way, one.name) for one in steps] == [("imap", "tls"), ("smtp", "tls")]
        assert all(words in advice(one) for one in steps), steps
