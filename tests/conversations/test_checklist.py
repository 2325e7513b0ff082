"""What must be ticked before a case is solved: one rule, whoever solves."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.automation.actions import act_on
from kefu.automation.bulk import progress, start
from kefu.automation.models import BulkItem, Trigger
from kefu.automation.rules import fire
from kefu.conversations import checklist
from kefu.conversations.checklist import Unfinished
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.forgotten import close_forgotten
from kefu.conversations.merge import merge
from kefu.conversations.models import ChecklistItem, Conversation
from kefu.conversations.resolve import close, solve
from kefu.incidents.answer import answer_all
from kefu.incidents.manage import open_incident
from kefu.system.audit.models import AuditEntry
from kefu.topics.models import Topic
from tickets import write

LIST = [
    {"name": "owner", "required": True, "label": {"en": "The owner writes", "zh-hans": "是本人"}},
    {"name": "advised", "required": False, "label": {"en": "Told what to do"}},
]
SOLVED = [{"do": "status", "value": "solved"}, {"do": "tag", "value": "done"}]


@pytest.fixture
def lead(make_agent):
    return make_agent("boss", role="supervisor", badge="1003", automatic=False)


@pytest.fixture
def case(db):
    parent = Topic.objects.create(slug="security", checklist=LIST)
    talk = write()
    Conversation.objects.filter(pk=talk.pk).update(topic=Topic.objects.create(slug="two-factor", parent=parent))
    talk.refresh_from_db()
    return talk


def activities(talk):
    return [one.data["what"] for one in talk.messages.filter(kind="activity").order_by("seq")]


def test_it_is_solved_once_what_must_be_done_is_ticked(case, agent):
    with pytest.raises(Unfinished) as found:
        solve(case, by=agent)
    assert [one.label("zh-hans") for one in found.value.items] == ["是本人"]
    assert checklist.tick(case, done=["topic:owner"], by=agent) == 1
    assert checklist.tick(case, done=["topic:owner"], by=agent) == 0  # twice is once
    item = checklist.items_of(case)[0]
    assert item.done_by == agent and item.done_at
    assert solve(case, by=agent).status == "solved"
    assert activities(case)[-2:] == ["ticked", "solved"]


def test_a_tick_that_was_taken_away_counts_no_more(case, agent):
    checklist.tick(case, done=["topic:owner"], by=agent)
    checklist.tick(case, undone=["topic:owner"], by=agent)
    with pytest.raises(Unfinished):
        solve(case, by=agent)


def test_a_leader_passes_with_a_reason_which_is_kept(case, agent, lead):
    for who, why in ((agent, "please"), (lead, "  "), (lead, "")):
        with pytest.raises(Unfinished):
            solve(case, by=who, past=why)
    solve(case, by=lead, past="The owner came to the office")
    assert "checklist_passed" in activities(case)
    kept = AuditEntry.objects.get(act="checklist.passed")
    assert kept.detail == {"items": ["The owner writes"], "reason": "The owner came to the office"}


def test_customers_are_never_held_up(case):
    solve(case)
    close(case)
    case.refresh_from_db()
    assert case.status == "closed"


def test_macros_and_rules_do_the_rest_and_say_what_is_missing(case, agent):
    assert act_on(case, SOLVED, by=agent, name="Bye") == ["tag:done"]
    rule = Trigger.objects.create(name="Tidy", event="time", actions=SOLVED[:1])
    fire(rule, case.pk, cause="1")
    case.refresh_from_db()
    assert not case.is_over
    said = [one.data["name"] for one in case.messages.filter(data__what="unfinished").order_by("seq")]
    assert said == ["Bye", "Tidy"]
    checklist.tick(case, done=["topic:owner"], by=agent)
    assert act_on(case, SOLVED, by=agent, name="Bye") == ["status:solved"]


def test_an_action_on_many_leaves_it_open_and_says_why(case, lead, settle):
    other = write()
    run = start([case.pk, other.pk], SOLVED, by=lead)
    settle()
    case.refresh_from_db(), other.refresh_from_db()
    assert (case.is_over, case.tags.count(), other.status) == (False, 0, "solved")
    assert progress(run)["failed"] == 1
    assert BulkItem.objects.get(conversation=case).after == {"unfinished": [LIST[0]["label"]]}


def test_answers_to_an_incident_reach_it_and_end_although_it_stays_open(case, lead, settle):
    incident = open_incident(titles={"en": "Slow"}, summaries={}, by=lead)
    other = write()
    Conversation.objects.update(incident=incident)
    assert answer_all(incident, texts={"en": "It works again."}, by=lead) == 2
    settle()
    incident.refresh_from_db(), case.refresh_from_db(), other.refresh_from_db()
    assert incident.answered == 2
    assert (case.is_over, other.status) == (False, "solved")
    assert case.messages.filter(kind="agent").count() == 1 and activities(case).count("unfinished") == 1


def test_what_nobody_comes_back_to_becomes_our_turn(case):
    Conversation.objects.update(status="pending", last_message_at=now() - timedelta(days=8), reminded_at=now())
    close_forgotten()
    case.refresh_from_db()
    assert case.status == "open" and activities(case)[-1] == "unfinished"
    assert close_forgotten() == 0


def test_items_of_one_case_are_added_held_to_and_removed_by_their_author_or_a_leader(agent, make_agent, lead, db):
    talk, other = write(), make_agent("bob", badge="1009", automatic=False)
    first = checklist.add(talk, "Call the bank", required=True, by=agent)
    checklist.add(talk, "Say thanks", by=other)
    with pytest.raises(Unfinished):
        solve(talk, by=agent)
    with pytest.raises(NotAllowed):
        checklist.remove(talk, f"own:{first.pk}", by=other)
    checklist.remove(talk, f"own:{first.pk}", by=lead)
    with pytest.raises(KeyError):
        checklist.tick(talk, done=[f"own:{first.pk}"], by=agent)
    assert solve(talk, by=agent).status == "solved"


def test_an_item_holds_no_secret_and_a_list_has_an_end(agent, db):
    talk = write()
    made = checklist.add(talk, "his password: hunter2hunter", by=agent)
    assert "hunter2" not in made.text
    with pytest.raises(ValueError):
        checklist.add(talk, "  ", by=agent)
    ChecklistItem.objects.bulk_create(ChecklistItem(conversation=talk, text="x") for _ in range(checklist.MOST))
    with pytest.raises(Conflict):
        checklist.add(talk, "one more", by=agent)


def test_a_merge_takes_ticks_and_items_along(case, agent):
    second = write()
    Conversation.objects.filter(pk=second.pk).update(topic=case.topic)
    second.refresh_from_db()
    checklist.tick(second, done=["topic:owner"], by=agent)
    checklist.add(second, "Call the bank", by=agent)
    checklist.tick(case, done=["topic:owner"], by=agent)
    checklist.tick(case, undone=["topic:owner"], by=agent)
    merge(second, into=case, by=agent)
    assert [(one.label("en"), bool(one.done_at)) for one in checklist.items_of(case)] == [
        ("The owner writes", True), ("Told what to do", False), ("Call the bank", False),
    ]  # fmt: skip


def test_editors_and_auditors_tick_nothing(case, make_agent):
    for role in ("editor", "auditor"):
        with pytest.raises(NotAllowed):
            checklist.tick(case, done=["topic:owner"], by=make_agent(role, role=role, badge=role[:4]))
