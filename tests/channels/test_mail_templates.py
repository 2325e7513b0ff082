"""Every kind of mail in both languages: as text and as HTML, in its own language, and as a picture that fits a phone."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from kefu.channels.email.alarm import tell
from kefu.channels.email.models import Grant
from kefu.channels.email.threads import reply_address
from kefu.channels.email.transcripts import send_transcript
from kefu.channels.form.adapter import parse
from kefu.conversations.attach import attach
from kefu.conversations.files import upload
from kefu.conversations.links import status_address
from kefu.conversations.models import Message
from kefu.conversations.note import note
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.conversations.resolve import solve
from kefu.people.models import Identity
from kefu.text.language import detect
from letters import letter

ASKED = {"en": "My withdrawal of 500 USDT has not arrived since this morning.", "zh-hans": "我今天早上提现的 500 USDT 一直没有到账。"}
ANSWERED = {
    "en": "It is **on its way**:\n\n1. 12 of 20 confirmations\n2. about ten minutes\n\n[More](https://beichen.example/en/)",
    "zh-hans": "已经**在路上**：\n\n1. 20 个确认中的 12 个\n2. 大约十分钟\n\n[详情](https://beichen.example/zh-hans/)",
}
SHOTS = os.environ.get("KEFU_SHOTS", "")


@pytest.fixture(params=["en", "zh-hans"])
def language(request):
    return request.param


@pytest.fixture
def mails(language, mailbox, agent, settle):
    """By name: the confirmation, an answer with a file, the last answer with all that was said and the rating, the transcript."""
    mailbox.signatures = {"en": "Beichen support\nAnswers every day", "zh-hans": "北辰客服\n全年无休"}
    mailbox.save()
    talk = receive(parse("email", "ana@mail.example", topic="", text=ASKED[language], key="k", fields={}, language=language)).conversation
    settle()
    found = {"confirmation": outbox.outbox[-1]}
    message = reply(talk, ANSWERED[language], agent=agent)
    file = upload(talk, SimpleUploadedFile("proof.txt", b"hello"), by_customer=False)
    attach(message, (file.uid.hex,), by_customer=False)
    settle()
    found["answer"] = outbox.outbox[-1]
    mailbox.quotes = "all"
    mailbox.save()
    reply(talk, {"en": "It has arrived.", "zh-hans": "已经到账。"}[language], agent=agent)
    solve(talk, by=agent)
    settle()
    found["last answer"] = outbox.outbox[-1]
    send_transcript(talk.pk)
    found["transcript"] = outbox.outbox[-1]
    assert Message.objects.filter(kind="agent").count() == 2 and len({id(m) for m in found.values()}) == 4
    return found


def test_each_speaks_its_language_as_text_and_as_html(mails, language):
    for name, mail in mails.items():
        (html, kind), *_others = mail.alternatives
        assert kind == "text/html" and f'<html lang="{language}"' in html, name
        assert detect(mail.body, ["zh-hans", "en"]) == language, f"{name}: {mail.body}"
        for left_over in ("{{", "{%", "None", "&amp;lt;"):
            assert left_over not in mail.body + html, f"{name}: {left_over}"
        assert "http" in mail.body and mail.subject.strip(), name
    assert "**" not in mails["answer"].alternatives[0][0] and "<strong>" in mails["answer"].alternatives[0][0]
    assert "?score=5" in mails["last answer"].body and "?score=5" not in mails["confirmation"].body
    assert [a[0] for a in mails["answer"].attachments] == ["proof.txt"]


@pytest.mark.parametrize("trouble", ["error", "silent", "sending", "consent", ""])
def test_leaders_read_in_their_language_that_a_mailbox_stands_still(trouble, language, mailbox, make_agent, mailoutbox):
    boss = make_agent("boss", role="supervisor", languages=[language])
    type(mailbox).objects.update(error="login: 535 no", failing_since=now())
    Grant.objects.create(mailbox=mailbox, provider="google", client_id="x", state="lost")
    tell(mailbox.pk, trouble, "2026-01-02T03:04:05+00:00")
    (mail,) = mailoutbox
    assert mail.to == [boss.user.email] and mailbox.address in mail.subject and "/desk/mailboxes/" in mail.body
    assert detect(mail.subject + mail.body, ["zh-hans", "en"]) == language, mail.body
    assert ("2026-01-02 03:04 UTC" in mail.body and "535 no" in mail.body) == bool(trouble)
    for left_over in ("{{", "{%", "None", "\n\n\n"):
        assert left_over not in mail.body, f"{trouble}: {mail.body}"


def test_how_much_is_quoted_is_the_mailboxs_choice(mailbox, agent, arrive, settle, mailoutbox):
    talk = arrive(letter("Where is my deposit?")).conversation
    note(talk, "between us", agent=agent)
    reply(talk, "Which **network**?", agent=agent)
    settle()
    arrive(letter("TRC-20", to=reply_address(talk.uid, mailbox.address)))

    def quoted(how, **more):
        type(mailbox).objects.update(quotes=how)
        reply(talk, f"answer {how}", agent=agent, data=more)
        settle()
        mail = mailoutbox[-1]
        assert mail.body.count("> ") == mail.alternatives[0][0].count("<blockquote")
        return [line[2:] for line in mail.body.splitlines() if line.startswith("> ")]

    assert quoted("none") == []
    assert quoted("last") == ["TRC-20"]
    said = quoted("all")
    assert said[:2] == ["answer last", "answer none"] and said[-1] == "Where is my deposit?" and "Which **network**?" in said
    assert "between us" not in said
    assert quoted("all", cc=["friend@mail.example"]) == ["TRC-20"], "who is in copy has not read the rest"


def test_what_is_quoted_is_folded_away_when_it_comes_back(mailbox, agent, arrive, settle, mailoutbox):
    type(mailbox).objects.update(quotes="all")
    talk = arrive(letter("Where is my deposit?")).conversation
    for n in range(2):
        reply(talk, f"answer {n}", agent=agent)
        settle()
    below = "\n".join("> " + line for line in mailoutbox[-1].body.splitlines())
    seen = arrive(
        letter(
            f"It has come.\n\nOn Fri, 27 Nov 2026 at 10:00, Beichen <{mailbox.address}> wrote:\n\n{below}",
            to=reply_address(talk.uid, mailbox.address),
        )
    )
    assert seen.conversation_id == talk.pk and seen.message.body == "It has come."


def test_each_fits_a_phone_and_a_screen(mails, language, browser):
    for width, scheme in ((390, "light"), (1440, "dark")):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=True)
        page = context.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))  # noqa: B023 - looked at before the next round
        for name, mail in mails.items():
            page.set_content(mail.alternatives[0][0])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than {width}"
            assert len(page.inner_text("body")) > 40
            if SHOTS:
                Path(SHOTS).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{SHOTS}/mail-{name.replace(' ', '-')}-{language}-{width}.png", full_page=True)
        assert not [url for url in asked if url.startswith("http")], "a mail that is opened asks the net for nothing"
        context.close()


def test_with_somebody_in_copy_neither_the_phishing_code_nor_the_way_into_the_ticket_is_in_the_mail(
    mailbox, agent, arrive, settle, mailoutbox, monkeypatch
):
    """Who has the ticket's link reads everything and writes as the customer; the code is how the customer knows us."""
    talk = arrive(letter("Where is my deposit?", sender="ana@mail.example")).conversation
    known = SimpleNamespace(phishing_code="green heron", email="ana@mail.example")
    port = SimpleNamespace(account=lambda uid: SimpleNamespace(value=known))
    monkeypatch.setattr("kefu.channels.email.compose.exchange", lambda: port)
    monkeypatch.setattr("kefu.channels.email.compose.uid_of", lambda customer: "10000001")

    def sent(**data):
        reply(talk, "On its way", agent=agent, data=data)
        settle()
        return mailoutbox[-1].body + mailoutbox[-1].alternatives[0][0]

    into = status_address(talk).rpartition("/")[0].rpartition("/")[0]  # the token has the time in it
    assert "green heron" not in sent(), "nobody has shown that this mailbox is theirs"
    Identity.objects.filter(customer=talk.customer, address="ana@mail.example").update(proof=Identity.Proof.MAILBOX)
    alone = sent()
    assert "green heron" in alone and into + "/" in alone
    for way in ("cc", "bcc"):
        others = sent(**{way: ["friend@mail.example"]})
        assert "green heron" not in others and "is left out of this mail" in others
        assert into + "/" not in others and "/conversations/" in others
    solve(talk, by=agent)
    assert "?score=" not in sent(cc=["friend@mail.example"]) and "?score=" in sent()
