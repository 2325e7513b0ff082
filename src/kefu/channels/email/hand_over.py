"""A mail given to an SMTP server in as few round trips as it allows, and with care for when it has been taken (RFC 5321)."""

import re
import smtplib

PIECE = 64 * 1024  # bytes: the time limit is for each of them, since a large mail on a slow line takes its time
TAKING = 180.0  # seconds that a server may think about a mail it has in full: whoever gives up sooner sends it twice (4.5.3.2.6)
GO_ON, GOODBYE = 354, 421
Answer = tuple[int, bytes]


class Dropped(ConnectionError):
    """The connection was gone before the server could have taken the mail: over another one it may be sent at once."""


def hand_over(client: smtplib.SMTP, sender: str, recipients: list[str], content: bytes) -> dict[str, Answer]:
    """Give ``content`` (lines end in CRLF) to the server; returns who of the others was refused, by address.

    Where the first of the recipients is refused nobody gets it. Raises Dropped, SMTPRecipientsRefused, SMTPSenderRefused,
    SMTPDataError, and other OSErrors where nobody knows whether the mail was taken.
    """
    fast = client.has_extn("pipelining")  # RFC 2920
    at_once = fast and len(recipients) == 1
    size = f" size={len(content)}" if client.does_esmtp and client.has_extn("size") else ""
    envelope = [f"MAIL FROM:{smtplib.quoteaddr(sender)}{size}", *(f"RCPT TO:{smtplib.quoteaddr(one)}" for one in recipients)]
    try:
        answers = _ask(client, [*envelope, *(["DATA"] if at_once else [])], fast=fast)
        _refuse_as_they_do(client, sender, recipients, answers)
        code, words = answers[-1] if at_once else _ask(client, ["DATA"], fast=False)[0]
        if code == GOODBYE:
            raise Dropped(f"{code}")
    except (smtplib.SMTPServerDisconnected, ConnectionError, TimeoutError) as error:
        raise Dropped(str(error)) from error
    if code != GO_ON:
        _reset(client)
        raise smtplib.SMTPDataError(code, words)
    code, words = _pour(client, content)
    if code != 250:
        _reset(client)
        raise smtplib.SMTPDataError(code, words)
    return {one: answer for one, answer in zip(recipients, answers[1:], strict=False) if not _taken(answer)}


def _ask(client: smtplib.SMTP, commands: list[str], *, fast: bool) -> list[Answer]:
    """The answers to all commands: sent together where the server takes that."""
    if any(c in command for command in commands for c in "\r\n"):
        raise ValueError("an address with a line break")
    if not fast:
        return [client.docmd(command) for command in commands]
    client.send("".join(f"{command}\r\n" for command in commands))
    return [client.getreply() for _command in commands]


def _refuse_as_they_do(client: smtplib.SMTP, sender: str, recipients: list[str], answers: list[Answer]) -> None:
    """Raise what stands in the way, with the server ready for the next mail."""
    if any(code == GOODBYE for code, _words in answers):
        raise Dropped(f"{GOODBYE}")
    (code, words), first = answers[0], answers[1]
    if code == 250 and _taken(first):
        return
    if (
        len(answers) > len(recipients) + 1 and answers[-1][0] == GO_ON
    ):  # it asks for a mail that nobody is to get: an empty one (RFC 2920, 3.1)
        client.send(b".\r\n")
        client.getreply()
    _reset(client)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, words, sender)
    raise smtplib.SMTPRecipientsRefused({recipients[0]: first})


def _taken(answer: Answer) -> bool:
    return answer[0] in {250, 251}


def _pour(client: smtplib.SMTP, content: bytes) -> Answer:
    """The mail itself and the server's verdict. From here on nobody knows what a broken connection means."""
    body = re.sub(rb"(?m)^\.", b"..", content)
    body += b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"
    for start in range(0, len(body), PIECE):
        client.send(body[start : start + PIECE])
    if client.sock is None:
        raise smtplib.SMTPServerDisconnected("closed in the middle of a mail")
    usual = client.sock.gettimeout()
    client.sock.settimeout(TAKING)
    try:
        return client.getreply()
    finally:
        if client.sock is not None:
            client.sock.settimeout(usual)


def _reset(client: smtplib.SMTP) -> None:
    try:
        client.rset()
    except (smtplib.SMTPException, OSError):
        client.close()
