"""Rules go out as a file and come in again: all or none, switched off, each checked."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kefu.automation.models import Trigger

GOOD = {"name": "late", "event": "time", "conditions": "waiting>30m", "actions": [{"do": "tag", "value": "late"}], "active": True}


@pytest.fixture
def lead(make_agent, signed_in):
    return signed_in(make_agent("boss", badge="1003", role="supervisor"))


def load(desk, content):
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return desk.post("/desk/rules/import/", {"file": SimpleUploadedFile("rules.json", raw)})


def test_out_and_in_again(lead):
    Trigger.objects.create(**GOOD)
    content = lead.get("/desk/rules/export.json").content
    Trigger.objects.all().delete()
    assert load(lead, content).status_code == 302
    found = Trigger.objects.get()
    assert (found.name, found.conditions, found.actions, found.active) == ("late", "waiting>30m", GOOD["actions"], False)
    load(lead, [GOOD | {"conditions": "waiting>1h"}])
    assert Trigger.objects.get().conditions == "waiting>1h"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{not json", "it is not JSON"),
        ({}, "should hold a list"),
        ([], "should hold a list"),
        (["x"], "should hold a list"),
        ([GOOD, {**GOOD, "name": ""}], "Rule 2"),
        ([{**GOOD, "event": "earthquake"}], "earthquake"),
        ([{**GOOD, "conditions": "colour:red"}], "colour:red"),
        ([{**GOOD, "actions": [{"do": "explode", "value": "x"}]}], "explode"),
        ([{**GOOD, "actions": []}], "it does nothing"),
        ([{**GOOD, "actions": "tag:late"}], "it does nothing"),
        ([{**GOOD, "conditions": ""}], "without a condition"),
        ([GOOD, GOOD], "same name"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_file_changes_nothing_and_says_where(lead, content, words):
    answer = load(lead, content)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Trigger.objects.exists()


def test_agents_bring_no_rules(agent, signed_in):
    assert load(signed_in(agent), [GOOD]).status_code == 403
