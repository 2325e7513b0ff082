"""Lowering a priority: with a reason, within bounds, and never for longer than the facts allow."""

import pytest

from kefu.automation.actions import BadAction, act_on, check
from kefu.conversations.ease import ease
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.escalate import escalate
from kefu.conversations.hasten import hasten
from kefu.conversations.models import Conversation
from kefu.topics.models import Topic
from tickets import write

LOW, NORMAL, HIGH, URGENT = 1, 2, 3, 4


@pytest.fixture
def case(db):
    Topic.objects.create(slug="security", urgency="urgent")
    talk = write("please look at this")
    Conversation.objects.filter(pk=talk.pk).update(topic=Topic.objects.get(), priority=HIGH)
    talk.refresh_from_db()
    return talk


def test_it_is_lowered_with_a_reason_that_stands_beside_it(case, agent):
    done = ease(case, NORMAL, reason="The customer has time until Monday", by=agent)
    assert done.priority == NORMAL
    assert done.priority_reasons[0] == {"code": "lowered", "points": 0, "value": "The customer has time until Monday"}
    assert case.messages.get(data__what="eased").data["reason"] == "The customer has time until Monday"
    # What changes nothing about it leaves it there; raised by hand it goes up again.
    write("and another thing", thread=case.uid.hex)
    case.refresh_from_db()
    assert case.priority == NORMAL
    assert hasten(case, URGENT, by=agent).priority == URGENT
    assert ease(case, LOW, reason="A mistake", by=agent).priority == LOW


def test_signs_of_danger_hold_it_up_and_new_ones_lift_it(case, agent):
    ease(case, LOW, reason="no hurry", by=agent)
    write("somebody hacked my account and withdrew everything", thread=case.uid.hex)
    case.refresh_from_db()
    assert case.priority == URGENT and case.lowered == 0
    with pytest.raises(Conflict) as held:
        ease(case, NORMAL, reason="no hurry", by=agent)
    assert held.value.current == "bound"
    assert ease(case, HIGH, reason="frozen already", by=agent).priority == HIGH


def test_the_customers_own_ladder_is_not_lowered_away(case, agent):
    escalate(case, reason="nobody answers")
    case.refresh_from_db()
    with pytest.raises(Conflict):
        ease(case, NORMAL, reason="no hurry", by=agent)


def test_nothing_is_lowered_without_a_reason_a_right_or_a_difference(case, agent, make_agent):
    for level, reason, who, error in (
        (NORMAL, "  ", agent, ValueError),
        (9, "x", agent, ValueError),
        (URGENT, "x", agent, Conflict),
        (NORMAL, "x", make_agent("eve", role="auditor", badge="9"), NotAllowed),
    ):
        with pytest.raises(error):
            ease(case, level, reason=reason, by=who)


def test_rules_lower_too_and_raising_ones_never_do(case, agent):
    assert act_on(case, check([{"do": "lower", "value": "low"}]), by=None, name="Quiet") == ["lower:low"]
    assert act_on(case, check([{"do": "lower", "value": "normal"}]), by=None, name="Quiet") == []
    assert act_on(case, check([{"do": "priority", "value": "high"}]), by=None, name="Loud") == ["priority:high"]
    with pytest.raises(BadAction):
        check([{"do": "lower", "value": "deep"}])


def test_the_desk_asks_for_the_reason(case, agent, signed_in):
    desk, url = signed_in(agent), f"/desk/{case.uid}/hastening/"
    assert "Say why it may wait" in desk.post(url, {"priority": "2", "reason": " "}).content.decode()
    desk.post(url, {"priority": "2", "reason": "Until Monday"})
    Conversation.objects.filter(pk=case.pk).update(signals=["takeover"], priority=4)
    assert "No lower than “High”" in desk.post(url, {"priority": "2", "reason": "no hurry"}).content.decode()
    page = desk.get(f"/desk/{case.uid}/").content.decode()
    assert "lowered: Until Monday" in page and "lowered the priority: “Until Monday”" in page
