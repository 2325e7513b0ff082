"""Every guided flow can be walked to its end in both languages, skipped where that is allowed, and left."""

from pathlib import Path

import pytest

from kefu.bot import flow as flows
from kefu.bot.flow_files import flow_for
from kefu.conversations.models import Conversation, locked
from kefu.people.models import Customer

SLUGS = sorted(path.stem for path in (Path(__file__).parents[2] / "content" / "flows").glob("*.toml"))
SAMPLES = {
    "txid": "0x7c2f9e41d08b6a35f2c97710be64d3a8915e0c7f42ab86d1903fe5c7a41b08d3",
    "address": "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8",
    "amount": "3,500 CNY",
    "coin": "USDT",
    "network": "TRC-20",
    "uid": "10000001",
    "email": "mia@mail.example",
    "order": "20260301123456",
    "pair": "BTC/USDT",
    "url": "https://beichen.example/campaign",
    "version": "6.12.0",
    "datetime": "2026-03-01 14:30",
    "code": "50113",
    "text": "the page says no",
    "longtext": "First I pressed the button, then nothing came.",
}


@pytest.fixture
def talk(db):
    return Conversation.objects.create(customer=Customer.objects.create(), channel="webchat", stage="bot")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_to_its_end(talk, slug, language):
    found = flow_for(slug)
    with locked(talk) as c:
        c.language = language
        flows.begin(c, found)
        for _ in range(2 * len(found.steps)):
            if not flows.is_open(c):
                break
            field = c.bot["flow"]["field"]
            step = next(one for one in found.steps if one.field == field)
            flows.hear(c, SAMPLES.get(step.type, ""), f"choice:{step.choices[0]['value']}" if step.choices else "")
            assert c.fields.get(field), f"{field}: a fair answer was not understood"
        c.save()
    assert c.stage == "queued" and not flows.is_open(c)
    assert {step.field for step in found.steps if step.required and not step.when} <= set(c.fields)
    questions = [m.body for m in c.messages.filter(kind="bot").order_by("seq")]
    assert questions[-1] == found.closing[language] and questions[0].startswith(found.opening[language])


@pytest.mark.parametrize("slug", SLUGS)
def test_what_may_be_skipped_can_be_skipped_and_one_can_leave(talk, slug):
    found = flow_for(slug)
    with locked(talk) as c:
        flows.begin(c, found)
        for _ in range(2 * len(found.steps)):
            if not flows.is_open(c):
                break
            step = next(one for one in found.steps if one.field == c.bot["flow"]["field"])
            if step.required:
                flows.hear(c, SAMPLES.get(step.type, ""), f"choice:{step.choices[-1]['value']}" if step.choices else "")
            else:
                flows.hear(c, "", "skip")
        assert c.stage == "queued"
        c.stage, c.fields, c.bot = "bot", {}, {}
        flows.begin(c, found)
        flows.hear(c, "", "stop")
        assert not flows.is_open(c) and c.stage == "bot"
