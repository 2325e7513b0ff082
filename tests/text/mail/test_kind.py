"""People, programs that answer for people, and servers that could not deliver."""

import pytest

from kefu.text.mail import bounce, kind


def mail(body: str = "Hello", **fields: str) -> bytes:
    fields = {"From": "Ana <ana@example.com>", "Subject": "My withdrawal"} | {k.replace("_", "-"): v for k, v in fields.items()}
    head = "".join(f"{k}: {v}\r\n" for k, v in fields.items())
    return (head + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + body).encode()


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"From": "noreply@shop.example"},
        {"Subject": "Automatic reply: your ticket"},
        {"Subject": "自动回复：您的工单"},
        {"Subject": "=?utf-8?B?6Ieq5Yqo5Zue5aSN?="},
        {"Subject": "Abwesenheitsnotiz"},
        {"Subject": "Автоответ: тикет"},
        {"Subject": "Re: ticket", "body": "I am currently out of the office with limited access to email."},
        {"Subject": "Re: ticket", "body": "您好！我正在休假，11月30日回来后会尽快处理。"},
    ],
)
def test_a_program_answers(fields):
    assert kind(mail(**fields)) == "auto-reply"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Subject": "Re: Automatic reply: your ticket"},
        {"Subject": "withdrawal failed", "body": "My withdrawal was returned: error 550. Is that permanent? uid 123, ana@example.com"},
        {"Subject": "提币发送失败", "body": "我的提币发送失败了，请帮忙"},
        {"Subject": "Autonomous trading bot", "body": "Hi"},
        {"Precedence": "list", "List_Post": "<mailto:list@x.example>"},
        {"Precedence": "bulk", "List_Post": "<mailto:list@x.example>"},
        {"Subject": "leave", "body": "When I was on leave my account was frozen. Why?"},
        {
            "Subject": "Delivery failed?",
            "In_Reply_To": "<1@x>",
            "body": "Your last mail said 550 for bob@example.com, is my address wrong?",
        },
    ],
)
def test_a_person_writes(fields):
    assert kind(mail(**fields)) == "human"


REPORT = b"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: support@beichen.example
Content-Type: multipart/report; report-type=delivery-status; boundary="B"
Return-Path: <>

--B
Content-Type: text/plain

This is the mail system at host mx.example. I could not deliver your message.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ana@example.com
Original-Recipient: rfc822;ana@example.com
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <ana@example.com>: user unknown

--B
Content-Type: message/rfc822

Message-ID: <abc.kefu@beichen.example>
Subject: [KF-1] hi
From: support@beichen.example

hi
--B--
""".replace(b"\n", b"\r\n")


def test_a_delivery_report_says_whom_why_and_which():
    found = bounce(REPORT)
    assert kind(REPORT) == "bounce"
    assert found is not None
    assert found.recipients == ("ana@example.com",)
    assert (found.action, found.status) == ("failed", "5.1.1")
    assert "user unknown" in found.reason
    assert "<abc.kefu@beichen.example>" in found.message_ids


@pytest.mark.parametrize(
    ("sender", "subject", "body"),
    [
        (
            "MAILER-DAEMON@yahoo.example",
            "Failure Notice",
            "Sorry, we were unable to deliver your message to ana@example.com. 554: user unknown",
        ),
        ("postmaster@qq.example", "系统退信/Systems bounce", "抱歉，您的邮件被退回：ana@example.com 550 用户不存在"),
        (
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            "Delivery Status Notification (Failure)",
            "Address not found: ana@example.com 550 5.1.1 no such user",
        ),
        (
            "postmaster@outlook.com",
            "Undeliverable: ticket",
            "ana@example.com wasn't found. 550 5.1.10 RESOLVER.ADR.RecipientNotFound; could not be delivered",
        ),
    ],
)
def test_bounces_without_a_report(sender, subject, body):
    raw = mail(From=sender, Subject=subject, body=body)
    assert kind(raw) == "bounce"
    assert bounce(raw).recipients == ("ana@example.com",)


def test_a_read_receipt_is_no_bounce():
    raw = b"From: a@b.example\r\nSubject: Read: hi\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n\r\n--x\r\n\r\nread\r\n--x--\r\n"
    assert kind(raw) == "auto-reply"
