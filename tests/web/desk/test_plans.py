"""No page of the desk and no periodic job walks through a whole table: each plan uses an index, on either database."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kefu.cli.many.fill import fill
from kefu.conversations.models import Conversation
from kefu.people.models import Agent, Team, User
from kefu.wiring import PERIODIC

GROWING = {
    "conversations_conversation", "conversations_message", "conversations_event", "conversations_attachment", "people_customer",
    "people_identity", "sla_clock", "surveys_rating", "search_text", "conversations_delivery", "email_seenmail",
}  # fmt: skip
PAGES = (
    *(f"/desk/?view={view}" for view in ("waiting", "unanswered", "mine", "team", "unassigned", "open", "late", "followed", "mentioned", "snoozed", "solved", "spam", "trash")),
    "/desk/?q=提币", "/desk/?q=withdrawal+network", "/desk/?q=12345678", "/desk/?q=a@mail.example", "/desk/?q=status:open+waiting>30m",
    "/desk/?q=is:over+channel:email", "/desk/?q=is:spam", "/desk/?q=is:trash+tier>=2", "/desk/board/", "/desk/reports/?days=90&by=topic", "/desk/reports/?days=30&by=day", "/desk/incidents/", "/desk/reviews/", "/desk/palette/?q=提币",
)  # fmt: skip


@pytest.fixture(scope="module")
def _filled(django_db_setup, django_db_blocker):
    """A few hundred conversations, rolled back after this file."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        Team.objects.create(slug="funds", name="资金")
        fill(400, report=lambda progress: None, days=60)
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def walks(_filled, db):
    """walks(queries): the growing tables that queries walk through from end to end, with the query."""

    def run(queries):
        found = []
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET LOCAL enable_seqscan = off")  # these are few rows: what remains has no index at all
            for one in queries:
                sql = one["sql"]
                if not sql.lstrip("( ").upper().startswith("SELECT") or "FOR UPDATE" in sql:
                    continue
                explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
                cursor.execute(explain + sql.replace("%", "%%"), [])
                plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
                found += [(table, sql) for table in scanned(plan, sql) if table in GROWING]
        return found

    return run


def scanned(plan, sql):
    """The tables that a plan reads from end to end without an index."""
    if connection.vendor == "postgresql":
        return re.findall(r"Seq Scan on (\w+)", plan)
    aliases = dict(re.findall(r'"(\w+)" (U\d+|T\d+)\b', sql))
    names = {alias: table for table, alias in aliases.items()}
    return [names.get(name, name) for name in re.findall(r"^SCAN (\w+)$", plan, re.MULTILINE)]


@pytest.fixture
def supervisor(_filled, db):
    return Agent.objects.create(
        user=User.objects.create_user("boss@beichen.example", None, is_staff=True),
        badge="9001",
        alias="督",
        role="supervisor",
    )


@pytest.mark.parametrize("role", ["agent", "supervisor"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_walks_through_a_table(page, role, supervisor, signed_in, walks):
    supervisor.role = role
    supervisor.save()
    supervisor.teams.set(Team.objects.all()[:1])
    if role == "agent" and any(part in page for part in ("board", "reports", "rules")):
        pytest.skip("not for agents")
    client = signed_in(supervisor)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    assert walks(queries) == []


def test_one_conversation(supervisor, signed_in, walks):
    talk = Conversation.objects.order_by("-last_seq").first()
    client = signed_in(supervisor)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/desk/{talk.uid}/").status_code == 200
        assert client.get(f"/desk/palette/?q=tag&talk={talk.uid}").status_code == 200
    assert walks(queries) == []


@pytest.mark.parametrize("job", PERIODIC, ids=lambda job: f"{job.__module__}.{job.__name__}")
def test_no_periodic_job_walks_through_a_table(job, _filled, db, walks):
    with CaptureQueriesContext(connection) as queries:
        job()
    assert walks(queries) == []


def test_more_rows_are_no_more_queries(supervisor, signed_in, monkeypatch):
    monkeypatch.setattr("kefu.web.desk.bulk_choices.KEPT", 3600)  # else a slow machine asks anew just while it counts
    client = signed_in(supervisor)
    before = {page: queries_of(client, page) for page in PAGES}
    fill(900, report=lambda progress: None, days=60)
    after = {page: queries_of(client, page) for page in PAGES}
    grown = {page: (before[page], after[page]) for page in PAGES if after[page] - before[page] > 3}
    assert not grown  # the first row of all brings its relations: up to three
    assert max(after.values()) < 30


def queries_of(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as queries:
        client.get(page)
    return len(queries)
