"""Snooze, merge, tags, and what is forgotten."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.conversations.errors import Conflict
from kefu.conversations.forgotten import close_forgotten
from kefu.conversations.matching import condition
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation
from kefu.conversations.reply import reply
from kefu.conversations.snooze import snooze, wake_all
from kefu.conversations.tags import set_tags
from kefu.system.search.index import find
from kefu.text.conditions import BadCondition
from kefu.text.conditions import parse as conditions
from tickets import write


@pytest.fixture
def ticket(db):
    return write()


def test_a_snoozed_ticket_comes_back_at_its_time_or_with_the_customer(ticket, agent):
    snooze(ticket, until=now() + timedelta(hours=1), by=agent)
    assert wake_all() == 0
    write("hello?", "k2", thread=ticket.uid.hex)
    ticket.refresh_from_db()
    assert ticket.snoozed_until is None
    snooze(ticket, until=now() + timedelta(hours=1), by=agent)
    Conversation.objects.filter(pk=ticket.pk).update(snoozed_until=now() - timedelta(seconds=1))
    assert wake_all() == 1
    with pytest.raises(ValueError):
        snooze(ticket, until=now() - timedelta(hours=1), by=agent)


def test_merged_tickets_are_one_gapless_story_and_later_words_arrive_there(ticket, agent):
    other = write("the same again elephants", "k2")
    reply(ticket, "We look.", agent=agent)
    merge(other, into=ticket, by=agent)
    ticket.refresh_from_db(), other.refresh_from_db()
    assert list(ticket.messages.order_by("seq").values_list("seq", flat=True)) == list(range(1, ticket.last_seq + 1))
    assert other.status == "closed" and other.merged_into == ticket
    assert find("elephants") == [ticket.pk]
    assert write("third", "k3", thread=other.uid.hex) == ticket
    assert write("again", "k2") == ticket, "a redelivery of a moved message is the moved message"
    with pytest.raises(Conflict):
        merge(other, into=ticket, by=agent)


def test_tickets_of_two_customers_are_never_merged(ticket, agent):
    strange = write("mine", "k9", who="eva@mail.example")
    with pytest.raises(Conflict):
        merge(strange, into=ticket, by=agent)


def test_tags_are_normal_and_their_changes_are_kept(ticket, agent):
    assert set_tags(ticket, ["TRON  delay", "vip,", "vip", ""], by=agent) == ["tron-delay", "vip"]
    set_tags(ticket, ["vip"], by=agent)
    assert [m.data["removed"] for m in ticket.messages.filter(data__what="tagged").order_by("seq")] == [[], ["tron-delay"]]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("status:new", True), ("is:open channel:form", True), ("-is:open", False), ("assignee:none", True), ("created<1h", True),
        ("created>1h", False), ("waiting>30m", False), ("missing", True), ("-missing", False), ("language:en,ru", True), ("tag:x", False),
        ("priority>=2 tier:0 level<2", True), ("team:none topic:deposits", False),
    ],
)  # fmt: skip
def test_conditions_mean_what_they_say(ticket, text, fits):
    assert Conversation.objects.filter(condition(conditions(text))).exists() is fits


def test_a_condition_that_can_never_hold_says_so(ticket):
    with pytest.raises(BadCondition, match="is:nonsense"):
        condition(conditions("is:nonsense"))


def test_what_nobody_comes_back_to_is_reminded_solved_and_closed(ticket, agent):
    def later(**moved):
        Conversation.objects.filter(pk=ticket.pk).update(**{name: now() - ago for name, ago in moved.items()})
        steps = close_forgotten()
        ticket.refresh_from_db()
        return steps, ticket.status

    reply(ticket, "Which network?", agent=agent)
    assert later(last_message_at=timedelta(hours=47)) == (0, "pending")
    assert later(last_message_at=timedelta(hours=49)) == (1, "pending")
    assert later(last_message_at=timedelta(days=6)) == (0, "pending"), "one reminder is enough"
    assert later(last_message_at=timedelta(days=8)) == (1, "solved")
    assert later(solved_at=timedelta(hours=71)) == (0, "solved")
    assert later(solved_at=timedelta(hours=73)) == (1, "closed")
