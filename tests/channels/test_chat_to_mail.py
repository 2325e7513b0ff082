"""Who leaves a chat gets the answer by mail, answers there, and the same conversation goes on."""

import pytest
from django.utils.timezone import now

from kefu.channels.email.models import SeenMail
from kefu.channels.email.threads import reply_address, root_id
from kefu.conversations.leave import leave_message
from kefu.conversations.models import Conversation
from kefu.conversations.reply import reply
from letters import letter

Outcome = SeenMail.Outcome


@pytest.fixture
def left(queued, mailbox, agent, settle):
    """A chat whose customer has left, with their mailbox, and was answered."""
    talk = leave_message(queued, email="eva@mail.example")
    reply(talk, "Which transaction is it?", agent=agent)
    settle()
    talk.refresh_from_db()
    return talk


def test_the_same_conversation_goes_on(left, arrive, mailbox, mailoutbox):
    (mail,) = mailoutbox
    assert mail.to == ["eva@mail.example"]
    back = letter("It is 0xabc", sender="Eva <eva@mail.example>", to=mail.reply_to[0], subject=f"Re: {mail.subject}")
    seen = arrive(back)
    assert (seen.outcome, seen.conversation_id) == (Outcome.CONVERSATION, left.pk)
    message = left.messages.order_by("-seq").filter(kind="customer").first()
    assert (message.body, message.data["mail"]["from"]) == ("It is 0xabc", "eva@mail.example")
    assert Conversation.objects.count() == 1


def test_a_program_that_keeps_only_references_comes_back_too(left, arrive, mailoutbox):
    ours = mailoutbox[0].extra_headers["Message-ID"]
    seen = arrive(letter("It is 0xabc", sender="eva@mail.example", subject="Re: x", In_Reply_To=ours))
    assert seen.conversation_id == left.pk


def test_the_mailbox_does_not_become_the_chats(left, arrive, mailbox, mailoutbox):
    """The address was only typed: its owner's other mails are nobody's business who chatted under it."""
    arrive(letter("It is 0xabc", sender="eva@mail.example", to=mailoutbox[0].reply_to[0]))
    later = arrive(letter("Another matter", sender="eva@mail.example", subject="Another")).conversation
    assert later.pk != left.pk and later.customer_id != left.customer_id


@pytest.mark.parametrize("how", ["a stranger with the address", "the uid alone", "the number alone"])
def test_nobody_else_comes_in(left, arrive, mailbox, mailoutbox, how):
    if how == "a stranger with the address":
        mail = letter("Tell me more", sender="eve@evil.example", to=mailoutbox[0].reply_to[0])
    elif how == "the uid alone":  # it is in pages and in no way secret
        mail = letter("Tell me more", sender="eva@mail.example", In_Reply_To=root_id(left.uid))
    else:
        mail = letter("Tell me more", sender="eva@mail.example", subject=f"Re: [{left.number}]")
    assert arrive(mail).conversation_id != left.pk


def test_after_it_was_closed_a_new_one_follows_it(left, arrive, mailbox):
    Conversation.objects.filter(pk=left.pk).update(status=Conversation.Status.CLOSED, solved_at=now(), closed_at=now())
    seen = arrive(letter("Once more", sender="eva@mail.example", to=reply_address(left.uid, mailbox.address)))
    assert (seen.conversation.follows_id, seen.conversation.customer_id) == (left.pk, left.customer_id)


def test_agents_see_where_the_answer_goes_once_and_no_name_of_a_field(left, agent, signed_in):
    page = signed_in(agent).get(f"/desk/{left.uid}/").content.decode()
    assert "reply_to" not in page and "eva@mail.example" in page
