"""An answer that came back finds another way: a further mailbox of the customer, once more, or the ticket's page."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from kefu.channels.delivery import deliver
from kefu.channels.email.bounced import note_failure
from kefu.channels.email.lines import Shut
from kefu.conversations.files import upload
from kefu.conversations.models import Delivery
from kefu.conversations.reply import mail_address, reply
from kefu.people.models import Identity
from letters import letter

State = Delivery.State


@pytest.fixture
def failed(arrive, settle, agent):
    """A delivery that came back."""
    talk = arrive(letter()).conversation
    message = reply(talk, "Which network was it?", agent=agent)
    settle()
    delivery = message.deliveries.get()
    note_failure(delivery, "5.1.1 no such user")
    return delivery


@pytest.fixture
def work(failed):
    return Identity.objects.create(
        customer=failed.message.conversation.customer, kind="email", address="ana@work.example", proof=Identity.Proof.MAILBOX
    )


def address_of(delivery):
    return f"/desk/{delivery.message.conversation.uid}/deliveries/{delivery.pk}/"


def test_the_thread_leads_there_and_the_page_says_what_is_known(failed, work, signed_in, agent):
    desk = signed_in(agent)
    assert address_of(failed) in desk.get(f"/desk/{failed.message.conversation.uid}/").content.decode()
    page = desk.get(address_of(failed)).content.decode()
    assert "no such user" in page and "ana@work.example" in page and "Which network" in page


def test_to_another_mailbox_and_later_answers_too(failed, work, signed_in, agent, settle, mailoutbox):
    assert signed_in(agent).post(address_of(failed), {"way": "ana@work.example"}).status_code == 302
    settle()
    assert mailoutbox[-1].to == ["ana@work.example"] and "Which network" in mailoutbox[-1].body
    failed.refresh_from_db()
    assert failed.state == State.HELD
    talk = failed.message.conversation
    talk.refresh_from_db()
    assert mail_address(talk) == "ana@work.example"
    assert talk.messages.filter(data__what="sent_elsewhere").exists()


def test_once_more_is_a_new_mail(failed, signed_in, agent, settle, mailoutbox):
    before = failed.key
    signed_in(agent).post(address_of(failed), {"way": "again"})
    settle()
    failed.refresh_from_db()
    assert failed.state == State.SENT and failed.key != before
    assert failed.key.hex in mailoutbox[-1].extra_headers["Message-ID"]


def test_left_on_the_page_nothing_is_sent(failed, signed_in, agent, settle, mailoutbox):
    sent = len(mailoutbox)
    signed_in(agent).post(address_of(failed), {"way": "portal"})
    settle()
    failed.refresh_from_db()
    assert failed.state == State.HELD and len(mailoutbox) == sent


def test_only_to_addresses_of_this_customer_and_only_once(failed, work, signed_in, agent, make_agent):
    desk = signed_in(agent)
    assert desk.post(address_of(failed), {"way": "eve@evil.example"}).status_code == 422
    assert desk.post(address_of(failed), {"way": ""}).status_code == 422
    assert desk.post(address_of(failed), {"way": "again"}).status_code == 302
    assert desk.post(address_of(failed), {"way": "again"}).status_code == 409
    assert signed_in(make_agent("eye", role="auditor")).post(address_of(failed), {"way": "again"}).status_code in {403, 404}


def picture(name):
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def test_a_pasted_picture_stands_in_the_mail(arrive, settle, agent, mailoutbox):
    talk = arrive(letter()).conversation
    stored = upload(talk, picture("where.png"), by_customer=False)
    reply(talk, "Press the blue button:", agent=agent, files=(stored.uid.hex,))
    settle()
    made = mailoutbox[-1].message()
    assert made.get_content_type() == "multipart/related"
    shown = next(part for part in made.walk() if part.get_content_type() == "image/png")
    html = next(part for part in made.walk() if part.get_content_type() == "text/html").get_payload(decode=True).decode()
    assert f'src="cid:{shown["Content-ID"][1:-1]}"' in html
    assert shown.get_content_disposition() == "inline" and shown.get_filename() == "where.png"
    assert "where.png" in mailoutbox[-1].body


def test_other_files_stay_files(arrive, settle, agent, mailoutbox):
    talk = arrive(letter()).conversation
    files = [picture("where.png"), SimpleUploadedFile("steps.txt", b"one, two")]
    stored = [upload(talk, file, by_customer=False).uid.hex for file in files]
    reply(talk, "See both.", agent=agent, files=tuple(stored))
    settle()
    made = mailoutbox[-1].message()
    assert made.get_content_type() == "multipart/mixed"
    assert [p.get_filename() for p in made.walk() if p.get_content_disposition() == "attachment"] == ["steps.txt"]


def test_chosen_messages_are_forwarded_with_their_files(arrive, settle, agent, signed_in, mailoutbox):
    made = letter("The bank took 500 EUR.")
    made.add_attachment(b"payment 1234", maintype="text", subtype="plain", filename="payment.txt")
    talk = arrive(made).conversation
    reply(talk, "Not for the bank's eyes", agent=agent)
    settle()
    seq = talk.messages.filter(kind="customer").get().seq
    desk = signed_in(agent)
    sent = {"address": "bank@partner.example", "text": "Did this arrive?", "seq": [str(seq), "9999", "x"], "files": "1"}
    desk.post(f"/desk/{talk.uid}/asking/", sent)
    settle()
    mail = next(one for one in mailoutbox if one.to == ["bank@partner.example"])
    assert "> The bank took 500 EUR." in mail.body and "bank's eyes" not in mail.body
    assert [part.get_filename() for part in mail.message().walk() if part.get_filename()] == ["payment.txt"]


def test_what_a_partner_answers_stands_with_its_name_where_they_were_asked(arrive, settle, agent, signed_in, mailoutbox):
    talk = arrive(letter("The bank took 500 EUR.")).conversation
    desk = signed_in(agent)
    desk.post(f"/desk/{talk.uid}/asking/", {"address": "bank@partner.example", "text": "Did this arrive?"})
    settle()
    to = next(one for one in mailoutbox if one.to == ["bank@partner.example"]).reply_to[0]
    arrive(letter("It did, yesterday.", sender="bank@partner.example", to=to))
    page = desk.get(f"/desk/{talk.uid}/").content.decode()
    note = talk.messages.get(kind="note", body="It did, yesterday.")
    assert f"<b>bank@partner.example</b>in {note.data['side']}" in page


def test_notes_are_never_forwarded(arrive, settle, agent, signed_in, mailoutbox):
    from kefu.conversations.note import note

    talk = arrive(letter()).conversation
    hidden = note(talk, "between us", agent=agent)
    desk = signed_in(agent)
    assert f'value="{hidden.seq}"><span class="clip"' not in desk.get(f"/desk/{talk.uid}/").content.decode()
    desk.post(f"/desk/{talk.uid}/asking/", {"address": "b@partner.example", "text": "Well?", "seq": str(hidden.seq)})
    settle()
    mail = next(one for one in mailoutbox if one.to == ["b@partner.example"])
    assert "between us" not in mail.body


# An answer behind a mailbox that cannot send


@pytest.fixture
def refusing(arrive, agent, monkeypatch, time_machine):
    """An answer whose mailbox's server refuses the password; ``at(minutes)`` is one more try that much later."""

    def refuse(mailbox):
        raise Shut("535 5.7.8 authentication failed", cannot_sign_in=True, until=now() + timedelta(minutes=10))

    talk = arrive(letter()).conversation
    monkeypatch.setattr("kefu.channels.email.post.line_of", refuse)
    delivery = reply(talk, "Which network was it?", agent=agent).deliveries.get()

    def at(minutes):
        time_machine.move_to(begun + timedelta(minutes=minutes))
        Delivery.objects.filter(pk=delivery.pk, state="due").update(due_at=now())
        deliver(delivery.pk)
        delivery.refresh_from_db()
        return delivery

    begun = now()
    delivery.at = at
    return delivery


def told(delivery, what):
    return delivery.message.conversation.messages.filter(data__what=what).count()


def test_who_answers_hears_that_the_mailbox_refuses_our_password(refusing, signed_in, agent):
    assert (refusing.at(0).state, refusing.attempts, told(refusing, "not_yet_delivered")) == (State.DUE, 0, 0)
    refusing.at(29)
    assert told(refusing, "not_yet_delivered") == 0
    for minutes in (35, 45, 55):
        refusing.at(minutes)
    assert told(refusing, "not_yet_delivered") == 1 and refusing.state == State.DUE
    desk = signed_in(agent)
    page = desk.get(f"/desk/{refusing.message.conversation.uid}/").content.decode()
    assert page.count(address_of(refusing)) == 2, "beside the message, and where it is said that it waits"
    assert "Not delivered yet" in page and "the mailbox refuses our password" in page
    page = desk.get(address_of(refusing)).content.decode()
    assert "is not delivered yet" in page and "535 5.7.8" in page and "Next try" in page
    page = desk.get(f"/desk/{refusing.message.conversation.uid}/deliveries/").content.decode()
    assert "The mailbox refuses our password" in page and address_of(refusing) in page and "Try now" in page


def test_it_does_not_wait_without_end(refusing, signed_in, agent):
    for minutes in (0, 35, 47 * 60):
        assert refusing.at(minutes).state == State.DUE
    assert refusing.at(49 * 60).state == State.FAILED
    assert (told(refusing, "not_yet_delivered"), told(refusing, "not_delivered")) == (1, 1)
    page = signed_in(agent).get(f"/desk/{refusing.message.conversation.uid}/").content.decode()
    assert "Did not arrive" in page


def test_what_waits_goes_another_way_once(refusing, signed_in, agent, settle, mailoutbox, monkeypatch):
    refusing.at(0)
    talk = refusing.message.conversation
    Identity.objects.create(customer=talk.customer, kind="email", address="ana@work.example", proof=Identity.Proof.MAILBOX)
    monkeypatch.undo()
    before = len(mailoutbox)
    desk = signed_in(agent)
    assert desk.post(address_of(refusing), {"way": "ana@work.example"}).status_code == 302
    assert desk.post(address_of(refusing), {"way": "again"}).status_code == 409
    settle()
    assert [one.to for one in mailoutbox[before:]] == [["ana@work.example"]]
    assert refusing.at(60).state == State.HELD


def test_mended_before_anybody_looked_nobody_hears_of_it(refusing, monkeypatch):
    refusing.at(0)
    monkeypatch.undo()
    assert refusing.at(31).state == State.SENT and refusing.failing_since is None
    assert told(refusing, "not_yet_delivered") == 0
