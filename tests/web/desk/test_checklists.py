"""The checklist at the desk: ticked beside the thread, and what is missing named where somebody solves."""

import pytest

from kefu.conversations.models import ChecklistItem, Conversation
from kefu.topics.models import Topic
from tickets import write


@pytest.fixture
def case(db):
    label = {"en": "The owner writes", "zh-hans": "是账户本人"}
    topic = Topic.objects.create(slug="security", checklist=[{"name": "owner", "required": True, "label": label}])
    talk = write()
    Conversation.objects.filter(pk=talk.pk).update(topic=topic)
    return talk


def test_solving_names_what_is_missing_and_a_supervisor_passes_it(case, agent, make_agent, signed_in):
    desk = signed_in(agent)
    refused = desk.post(f"/desk/{case.uid}/status/", {"status": "solved"}, headers={"HX-Request": "true"})
    page = refused.content.decode()
    assert "the checklist is unfinished" in page and "The owner writes" in page
    assert "Solve it all the same" not in page
    assert "The owner writes" in desk.post(f"/desk/{case.uid}/status/", {"status": "solved"}).content.decode()  # without script
    lead = signed_in(make_agent("boss", role="supervisor", badge="1003"))
    assert "Solve it all the same" in lead.post(f"/desk/{case.uid}/status/", {"status": "solved"}).content.decode()
    lead.post(f"/desk/{case.uid}/status/", {"status": "solved", "past": "Came in person"})
    case.refresh_from_db()
    assert case.status == "solved"
    assert "solved it with an unfinished checklist (The owner writes): “Came in person”" in lead.get(f"/desk/{case.uid}/").content.decode()


def test_an_answer_that_waits_is_not_sent_by_a_solve_that_is_refused(case, agent, signed_in):
    desk = signed_in(agent)
    desk.post(f"/desk/{case.uid}/replies/", {"text": "Done", "key": "1"})
    desk.post(f"/desk/{case.uid}/status/", {"status": "solved"})
    assert not case.messages.filter(kind="agent").exists()


def test_items_are_ticked_one_by_one_or_in_the_dialog(case, agent, signed_in):
    desk, url = signed_in(agent), f"/desk/{case.uid}/checklist/"
    part = desk.post(url, {"tick": "topic:owner"}, headers={"HX-Request": "true", "HX-Target": "to-do"}).content.decode()
    assert 'aria-checked="true"' in part and "1/1" in part and "ann" in part
    desk.post(url, {"shown": "topic:owner", "was": "topic:owner", "add": "Call the bank", "required": "1"})
    assert dict(ChecklistItem.objects.values_list("name", "done_at")) == {"owner": None, "": None}
    own = ChecklistItem.objects.get(name="")
    # Somebody ticked it while the dialog was open: what the dialog never touched stays.
    desk.post(url, {"tick": "topic:owner"})
    desk.post(url, {"shown": ["topic:owner", f"own:{own.pk}"], "done": f"own:{own.pk}"})
    assert ChecklistItem.objects.filter(done_at__isnull=False).count() == 2
    assert desk.post(url, {"tick": "topic:nothing"}).status_code == 409
    assert "Tick “" not in desk.get(f"/desk/palette/?talk={case.uid}&q=tick").content.decode()


def test_the_palette_ticks(case, agent, signed_in):
    assert "Tick “The owner writes”" in signed_in(agent).get(f"/desk/palette/?talk={case.uid}&q=tick").content.decode()


def test_the_studio_keeps_a_topics_list(case, make_agent, signed_in):
    studio = signed_in(make_agent("root", role="administrator", badge="1000"))
    page = studio.get("/studio/things/topics/security/").content.decode()
    assert "!owner | 是账户本人 | The owner writes" in page
    form = {"slug": "security", "name_en": "Security", "name_zh-hans": "安全", "urgency": "high", "needs": "app", "position": "1",
            "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}  # fmt: skip
    wrong = studio.post("/studio/things/topics/security/", form | {"checklist": "Not a name"})
    assert wrong.status_code == 422 and "This is no item" in wrong.content.decode() and "Not a name" in wrong.content.decode()
    studio.post("/studio/things/topics/security/", form | {"checklist": "told | 已告知 | Told\n\n!frozen | 已冻结 | Frozen"})
    assert [(one["name"], one["required"]) for one in Topic.objects.get(slug="security").checklist] == [("told", False), ("frozen", True)]
