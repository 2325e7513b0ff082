"""Actions on many: each once, however often the work is interrupted; stopped, undone, never over somebody's later work."""

import pytest

from kefu.automation.actions import BadAction
from kefu.automation.bulk import AT_ONCE, TooMany, progress, start, stop, undo, work
from kefu.automation.models import BulkItem, BulkRun
from kefu.cli.many.fill import fill
from kefu.conversations.errors import NotAllowed
from kefu.conversations.models import Conversation
from kefu.people.models import Customer, Team

SOLVE = [{"do": "status", "value": "solved"}]


@pytest.fixture
def many(db):
    customer = Customer.objects.create()
    Conversation.objects.bulk_create(Conversation(customer=customer, channel="form", status="open") for _ in range(120))
    return list(Conversation.objects.values_list("pk", flat=True))


def states():
    return set(Conversation.objects.values_list("status", flat=True))


def test_all_are_done_in_parts(many, agent, settle):
    run = start(many, SOLVE, by=agent)
    assert work(run.pk) == AT_ONCE
    assert progress(run) | {"done": AT_ONCE, "changed": AT_ONCE} == progress(run)
    settle()
    run.refresh_from_db()
    assert (run.state, states()) == (BulkRun.State.DONE, {"solved"})
    assert progress(run)["changed"] == 120


def test_a_part_that_was_interrupted_is_done_once(many, agent, settle, monkeypatch):
    run = start(many, [{"do": "note", "value": "please check"}], by=agent)
    from django.db import transaction

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        work(run.pk)
        raise Killed
    settle()
    notes = Conversation.objects.filter(messages__kind="note").count()
    assert notes == Conversation.objects.filter(messages__kind="note").distinct().count() == 120


def test_stopped_it_leaves_the_rest(many, agent, settle):
    run = start(many, SOLVE, by=agent)
    work(run.pk)
    stop(run)
    settle()
    assert Conversation.objects.filter(status="solved").count() == AT_ONCE
    assert progress(run)["waiting"] == 120 - AT_ONCE


def test_undone_all_is_as_it_was_but_for_what_people_did_since(many, agent, settle, make_agent):
    team = Team.objects.create(slug="funds", name="资金")
    before = {c.pk: (c.status, c.solved_at, c.team_id, c.priority) for c in Conversation.objects.all()}
    run = start(many, [*SOLVE, {"do": "tag", "value": "storm"}, {"do": "team", "value": "funds"}], by=agent)
    settle()
    assert Conversation.objects.filter(tags__name="storm", team=team, status="solved").count() == 120
    touched = Conversation.objects.get(pk=many[5])
    touched.reopen(touched.solved_at)
    touched.save()
    undo(run, by=agent)
    settle()
    run.refresh_from_db()
    assert run.state == BulkRun.State.UNDONE
    after = {c.pk: (c.status, c.solved_at, c.team_id, c.priority) for c in Conversation.objects.exclude(pk=touched.pk)}
    assert after == {pk: row for pk, row in before.items() if pk != touched.pk}
    assert BulkItem.objects.get(conversation=touched).state == BulkItem.State.MOVED_ON
    assert not Conversation.objects.exclude(pk=touched.pk).filter(tags__isnull=False).exists()


def test_what_is_so_already_is_left(many, agent, settle):
    Conversation.objects.filter(pk__in=many[:20]).update(priority=4)
    run = start(many[:40], [{"do": "priority", "value": "urgent"}], by=agent)
    settle()
    assert (progress(run)["changed"], progress(run)["unchanged"]) == (20, 20)


def test_what_makes_no_sense_does_not_begin(many, agent, make_agent):
    for actions in ([{"do": "status", "value": "eaten"}], [{"do": "explode", "value": "x"}]):
        with pytest.raises(BadAction):
            start(many, actions, by=agent)
    with pytest.raises(ValueError, match="nothing"):
        start([], SOLVE, by=agent)
    with pytest.raises(TooMany):
        start(range(1, 30_000), SOLVE, by=agent)
    with pytest.raises(NotAllowed):
        start(many, SOLVE, by=make_agent("eva", badge="3333", role="editor"))
    assert not BulkRun.objects.exists()


def test_ten_thousand_are_prepared_at_once(db, agent, django_assert_max_num_queries):
    Team.objects.create(slug="funds", name="资金")
    fill(300, report=lambda progress: None, days=20)
    with django_assert_max_num_queries(25):
        start(Conversation.objects.values_list("pk", flat=True), SOLVE, by=agent)


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent)


def test_chosen_in_the_list(desk, many, settle):
    page = desk.get("/desk/?view=open").content.decode()
    chosen = list(Conversation.objects.order_by("-pk")[:3])
    assert all(c.uid.hex in page for c in chosen) and "status:solved" in page
    answer = desk.post("/desk/bulk/", {"ids": [c.uid.hex for c in chosen], "do": "tag", "value": "storm"})
    settle()
    figures = desk.get(answer.url, headers={"HX-Request": "true", "HX-Target": "bulk"}).content.decode()
    assert "3 of 3" in figures and "Undo" in figures
    assert Conversation.objects.filter(tags__name="storm").count() == 3


def test_everything_that_a_search_finds(desk, many, settle):
    Conversation.objects.filter(pk__in=many[:7]).update(status="on_hold")
    desk.post("/desk/bulk/", {"all": "1", "q": "status:on_hold", "do": "assign:me"})
    settle()
    assert Conversation.objects.filter(assignee__isnull=False).count() == 7


def test_bad_requests_say_what_to_do(desk, many):
    assert "Choose at least one" in desk.post("/desk/bulk/", {"do": "status:solved"}).content.decode()
    assert "Choose what to do" in desk.post("/desk/bulk/", {"all": "1", "view": "open", "do": ""}).content.decode()
    assert "Choose what to do" in desk.post("/desk/bulk/", {"all": "1", "view": "open", "do": "tag"}).content.decode()
    assert desk.post("/desk/bulk/", {"ids": ["x" * 32, "'; drop"], "do": "status:solved"}).status_code == 422


def test_anothers_run_is_not_shown(desk, many, make_agent):
    run = start(many[:2], SOLVE, by=make_agent("bea", badge="2222"))
    for path in ("", "stop/", "undo/"):
        ask = desk.post if path else desk.get
        assert ask(f"/desk/bulk/{run.pk}/{path}").status_code == 404
