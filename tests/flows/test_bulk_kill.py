"""An action on very many conversations is killed in the middle, again and again: each is done once, and all is undone."""

import os
import time

import pytest

from databases import own_postgresql
from serving import Server

pytestmark = pytest.mark.server
MANY, KILLS = int(os.environ.get("KEFU_BULK", "200")), int(os.environ.get("KEFU_KILLS", "2"))
PAUSE = 0.2

MAKE = f"""
from kefu.conversations.models import Conversation
from kefu.people.models import Agent, Customer
from kefu.people.staff import create_agent
from kefu.automation.bulk import start
agent = create_agent("bulk@staff.example", "a long password 1", name="Bulk", role="supervisor", badge="9090")
customer = Customer.objects.create()
Conversation.objects.bulk_create(Conversation(customer=customer, channel="form", status="open") for _ in range({MANY}))
run = start(Conversation.objects.values_list("pk", flat=True), [{{"do": "note", "value": "checked"}}, {{"do": "status", "value": "solved"}}], by=agent)
print(run.pk)
"""


def until(server, wanted, seconds=120 + MANY // 4):
    for _ in range(int(seconds / PAUSE)):
        ((state,),) = server.rows("SELECT state FROM automation_bulkrun")
        if state == wanted:
            return
        time.sleep(PAUSE)
    raise AssertionError(server.rows("SELECT * FROM automation_bulkrun"))


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def server(request, tmp_path):
    """A server on a database of its own; on PostgreSQL where one is reachable."""
    if request.param == "SQLite":
        yield Server(tmp_path, KEFU_JOB_LEASE_SECONDS="10")
        return
    with own_postgresql("bulk") as url:
        yield Server(tmp_path, KEFU_DATABASE_URL=url, KEFU_JOB_LEASE_SECONDS="10")


def test_killed_in_the_middle_each_is_done_once_and_undone_once(server):
    server.start("--empty")
    try:
        run = server.manage(MAKE)
        for _ in range(KILLS):
            time.sleep(0.4)
            server.kill()
            server.start("--empty")
        until(server, "done")
        notes = "SELECT count(*) FROM conversations_message WHERE kind = 'note' GROUP BY conversation_id"
        assert server.rows(notes) == [(1,)] * MANY
        assert server.count("conversations_conversation", "status = 'solved'") == MANY
        server.manage(
            "from kefu.automation.bulk import undo; from kefu.automation.models import BulkRun; from kefu.people.models import Agent;"
            f"undo(BulkRun.objects.get(pk={run}), by=Agent.objects.get(badge='9090'))"
        )
        time.sleep(0.4)
        server.kill()
        server.start("--empty")
        until(server, "undone")
        assert server.count("conversations_conversation", "status = 'open'") == MANY
    finally:
        server.stop()
