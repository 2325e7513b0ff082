"""“Tell me when it is over”: offered, told once, taken back; by mail only to a mailbox that was proven."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from kefu.channels.email.incident_over import send_over
from kefu.channels.email.keep import keep
from kefu.channels.email.lines import Shut
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.conversations.errors import Conflict
from kefu.conversations.links import status_address
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation
from kefu.incidents.manage import open_incident, tell
from kefu.incidents.models import Subscription
from kefu.incidents.subscribe import link_of, subscribe, subscribe_mailbox, tell_some, unsubscribe
from kefu.people.models import Team
from kefu.system.jobs.errors import TemporaryError
from letters import letter
from tickets import write


@pytest.fixture
def lead(make_agent):
    return make_agent("boss", badge="1003", role="supervisor", automatic=False)


@pytest.fixture
def incident(lead):
    titles = {"en": "TRON withdrawals are late", "zh-hans": "TRON 提现延迟"}
    return open_incident(titles=titles, summaries={"en": "About an hour."}, words="trc20 withdrawal", by=lead)


@pytest.fixture
def end(incident, lead, settle):
    def run():
        tell(incident, state="solved", texts={"en": "Nodes are back.", "zh-hans": "节点已恢复。"}, by=lead)
        settle()

    return run


def told(talk):
    return [one.body for one in talk.messages.filter(data__has_key="incident_over")]


def test_the_bot_offers_it_and_tells_once(incident, say, settle, end):
    talk = say("my trc20 withdrawal is stuck").conversation
    settle()
    offered = talk.messages.get(kind="bot", data__incident=incident.slug)
    assert [one["value"] for one in offered.data["buttons"]] == ["tell_me", "human"]
    assert not Subscription.objects.exists()  # an offer, not a decision
    say("Tell me when it is over", thread=talk.uid.hex, choice="tell_me")
    settle()
    end()
    tell_some(incident.pk)
    assert told(talk) == ["It is over: **TRON withdrawals are late**. Nodes are back.\n\nIf it still does not work for you, write here."]


def test_whoever_takes_it_back_is_not_told(incident, say, settle, end):
    talk = say("my trc20 withdrawal is stuck").conversation
    settle()
    say("yes", thread=talk.uid.hex, choice="tell_me")
    settle()
    say("no", thread=talk.uid.hex, choice="do_not_tell")
    settle()
    end()
    assert told(talk) == []


def test_a_button_pressed_too_late_says_that_it_is_over(incident, say, settle, end):
    talk = say("my trc20 withdrawal is stuck").conversation
    settle()
    end()
    say("yes", thread=talk.uid.hex, choice="tell_me")
    settle()
    assert "over already" in talk.messages.filter(kind="bot").order_by("-seq").first().body
    with pytest.raises(Conflict):
        subscribe(incident, talk)


def test_a_ticket_about_it_is_promised_to_be_told_and_is(incident, settle, end, client):
    talk = write("my trc20 withdrawal is late")
    settle()
    assert "We tell you here as soon as it is over." in talk.messages.get(kind="bot").body
    talk.refresh_from_db()
    page = status_address(talk)
    assert "We tell you here when this is over" in client.get(page).content.decode()
    client.post(f"{page}incident/", {"tell": "0"})
    assert Subscription.objects.get().ended_at
    client.post(f"{page}incident/", {"tell": "1"})
    assert not Subscription.objects.get().ended_at
    end()
    assert len(told(talk)) == 1


def test_it_follows_a_merge_and_is_told_in_the_language_of_the_talk(incident, agent, end):
    first, second = write("one"), write("two")
    Conversation.objects.filter(pk=first.pk).update(language="zh-hans")
    first.refresh_from_db()
    subscribe(incident, first)
    merge(first, into=second, by=agent)
    end()
    assert told(second) == ["已恢复：**TRON 提现延迟**。节点已恢复。\n\n如果你那边仍然不行，请在这里回复。"]


def test_very_many_are_told_in_parts_each_once(incident, end, monkeypatch):
    monkeypatch.setattr("kefu.incidents.subscribe.AT_ONCE", 3)
    talks = [write(f"n{n}") for n in range(7)]
    for one in talks:
        subscribe(incident, one)
        subscribe(incident, one)
    end()
    assert [len(told(one)) for one in talks] == [1] * 7


def test_by_mail_only_after_the_mailbox_was_proven(incident, client, end):
    page = f"/en/incidents/{incident.slug}/tell-me/"
    assert page in client.get("/en/announcements/").content.decode()
    client.post("/en/tickets/code/", {"email": "Mia@mail.example"})
    code = re.search(r"\d{6}", mail.outbox[-1].body)[0]
    wrong = client.post(page, {"email": "mia@mail.example", "code": f"{(int(code) + 1) % 10**6:06d}"})
    assert wrong.status_code == 422 and "mia@mail.example" in wrong.content.decode() and not Subscription.objects.exists()
    assert "We write to you once" in client.post(page, {"email": "mia@mail.example", "code": code}).content.decode()
    mail.outbox.clear()
    end()
    sent = mail.outbox[0]
    assert (len(mail.outbox), sent.to, sent.subject) == (1, ["mia@mail.example"], "Over: TRON withdrawals are late")
    assert "Nodes are back." in sent.body and sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    send_over(Subscription.objects.get().pk)
    assert mail.outbox[1].extra_headers["Message-ID"] == sent.extra_headers["Message-ID"]
    assert "nothing is left to tell" in client.get(page).content.decode()


@pytest.fixture
def mailboxes(db):
    """Two languages' mailboxes and a team's own."""
    signature = {"en": "Support of Beichen\nbeichen.example", "zh-hans": "北辰客服"}
    for address, language in (("hilfe@beichen.example", "de"), ("help@beichen.example", "en"), ("bangzhu@beichen.example", "zh-hans")):
        Mailbox.objects.create(address=address, name=f"Beichen {language}", language=language, signatures=signature)
    return Mailbox.objects.create(address="vip@beichen.example", name="Beichen VIP", language="en", signatures=signature)


def from_of(incident, address, language, end):
    subscribe_mailbox(incident, address, language=language)
    mail.outbox.clear()
    end()
    [sent] = mail.outbox
    return sent.from_email, sent.body


@pytest.mark.parametrize(
    ("language", "sender", "signature"),
    [
        ("en", "Beichen en <help@beichen.example>", "Support of Beichen\nbeichen.example\n"),
        ("zh-hans", "Beichen zh-hans <bangzhu@beichen.example>", "北辰客服\n"),
    ],
)
def test_the_mail_comes_from_the_mailbox_of_the_language_with_its_signature(incident, mailboxes, end, language, sender, signature):
    from_email, body = from_of(incident, "mia@mail.example", language, end)
    assert from_email == sender and f"\n\n{signature}\n" in body


def test_whoever_wrote_to_a_mailbox_hears_from_that_one(incident, mailboxes, end, settle):
    raw = letter("Where is it", to="vip@beichen.example", sender="Mia@mail.example").as_bytes()
    keep(mailboxes, raw, source=SeenMail.Source.LMTP)
    settle()
    assert from_of(incident, "mia@mail.example", "zh-hans", end)[0] == "Beichen VIP <vip@beichen.example>"


def test_whoever_is_answered_from_a_teams_mailbox_hears_from_that_one(incident, mailboxes, end, settle):
    team = Team.objects.create(slug="vip", name="VIP")
    Mailbox.objects.filter(pk=mailboxes.pk).update(team=team)
    talk = write("my form")
    settle()
    Conversation.objects.filter(pk=talk.pk).update(team=team)
    assert from_of(incident, "mia@mail.example", "en", end)[0] == "Beichen VIP <vip@beichen.example>"


def test_a_mailbox_that_is_shut_keeps_the_mail_for_later(incident, mailboxes, monkeypatch):
    made = subscribe_mailbox(incident, "mia@mail.example", language="en")
    until = now() + timedelta(minutes=10)

    def shut(mailbox):
        assert mailbox.address == "help@beichen.example"
        raise Shut("535 no", cannot_sign_in=True, until=until)

    monkeypatch.setattr("kefu.channels.email.post.line_of", shut)
    with pytest.raises(TemporaryError) as later:
        send_over(made.pk)
    assert later.value.retry_at == until


def test_the_link_of_a_mail_stops_it_only_when_pressed(incident, client, end):
    made = subscribe_mailbox(incident, "mia@mail.example", language="en")
    page = f"/en/incidents/stop/{link_of(made)}/"
    client.get(page)
    made.refresh_from_db()
    assert made.ended_at is None
    assert client.post(page).status_code == 200
    mail.outbox.clear()
    end()
    assert mail.outbox == []
    assert client.get(f"/en/incidents/stop/{made.pk}-forged/").status_code == 404


def test_saying_no_and_yes_again_counts_last(incident, talk, end):
    unsubscribe(subscribe(incident, talk))
    subscribe(incident, talk)
    end()
    assert len(told(talk)) == 1
