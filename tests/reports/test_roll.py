"""Sums against a brute-force count on random histories, also after late changes and merges."""

from collections import Counter
from datetime import UTC, timedelta

from django.db.models import Sum
from django.utils.timezone import now
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kefu.channels.form.adapter import parse
from kefu.conversations.merge import merge
from kefu.conversations.models import Conversation, Event, EventKind
from kefu.conversations.receive import receive
from kefu.conversations.reply import reply
from kefu.conversations.resolve import reopen, solve
from kefu.people.staff import create_agent
from kefu.reports.figures import by, total
from kefu.reports.models import Figure, Hour, StaleDay
from kefu.reports.roll import NAMES, mark, sum_stale
from kefu.sla.models import Clock, Policy, WorkCalendar
from kefu.surveys.models import Rating
from kefu.surveys.rate import rate
from kefu.topics.models import Topic

DAYS = 6
acts = st.lists(
    st.tuples(
        st.sampled_from(["open", "reply", "solve", "reopen", "rate", "topic", "merge", "clock"]),
        st.integers(0, 4),
        st.integers(0, DAYS - 1),
    ),
    max_size=14,
)


def ticket(n):
    return receive(parse("email", "mia@mail.example", topic="", text="missing", key=f"k{n}", fields={}, language="en")).conversation


def roll():
    """What the jobs do: every event marks its days, the days are summed."""
    for event in Event.objects.select_related("conversation"):
        mark([event.pk])
    while sum_stale():
        pass


class Histories(TestCase):
    @settings(max_examples=25)
    @given(acts, acts)
    def test_the_sums_are_what_a_count_of_the_rows_gives_also_after_late_changes(self, first, later):
        agent = create_agent("ann@staff.example", "correct horse battery", name="ann", role="agent", badge="1", languages=[])
        topic = Topic.objects.create(slug="deposits")
        made = [ticket(n) for n in range(3)]
        for history in (first, later):
            for act, which, ago in history:
                self.play(act, made[which % len(made)], agent, topic, ago, made)
            roll()
            self.compare()

    def play(self, act, one, agent, topic, ago, made):
        one.refresh_from_db()
        at = now() - timedelta(days=ago)
        if act == "open":
            made.append(ticket(len(made)))
            Conversation.objects.filter(pk=made[-1].pk).update(created=at)
        elif act == "reply" and one.status != "closed":
            reply(one, "hello", agent=agent)
            Conversation.objects.filter(pk=one.pk).update(first_replied_at=max(at, one.created))
        elif act == "solve" and not one.is_over:
            solve(one, by=agent)
            Conversation.objects.filter(pk=one.pk).update(solved_at=max(at, one.created))
        elif act == "reopen" and one.status == "solved":
            reopen(one, by=agent)
        elif act == "rate" and one.messages.filter(kind="agent").exists():
            rate(one, score=1 + ago % 5)
        elif act == "topic":
            Conversation.objects.filter(pk=one.pk).update(topic=topic)
        elif act == "clock":
            policy = Policy.objects.get_or_create(slug="p", defaults={"calendar": WorkCalendar.objects.get_or_create(slug="c")[0]})[0]
            clock, _made = Clock.objects.get_or_create(
                conversation=one, kind="resolution", started=one.created, defaults={"policy": policy}
            )
            clock.met_at, clock.breached_at = at, at if ago % 2 else None
            clock.save()
        elif act == "merge":
            other = next((o for o in made if o.pk != one.pk and not Conversation.objects.get(pk=o.pk).merged_into_id), None)
            if other and not one.merged_into_id and Conversation.objects.get(pk=other.pk).status != "closed":
                merge(one, into=other, by=agent)

    def compare(self):
        rows = list(Conversation.objects.filter(merged_into=None))
        end = now().astimezone(UTC).date() + timedelta(days=1)
        start = end - timedelta(days=DAYS + 3)
        everything = total(start, end)
        assert everything.sums["opened"] == len(rows)
        assert everything.sums["replied"] == sum(1 for c in rows if c.first_replied_at)
        assert everything.sums["solved"] == sum(1 for c in rows if c.solved_at)
        took = [int((c.first_replied_at - (c.queued_at or c.created)).total_seconds()) for c in rows if c.first_replied_at]
        assert everything.sums["reply_seconds"] == sum(max(0, seconds) for seconds in took)
        for name, most in (("within_5m", 300), ("within_1h", 3600), ("within_24h", 86400)):
            assert everything.sums[name] == sum(seconds <= most for seconds in took), name
        hourly = Hour.objects.aggregate(**{name: Sum(name, default=0) for name in NAMES})
        assert hourly == everything.sums
        assert hourly["reply_seconds"] == sum(line.sums["reply_seconds"] for line in by("hour", start, end))
        again = Event.objects.filter(kind=EventKind.REOPENED, conversation__merged_into=None)
        assert everything.sums["reopened"] == again.count()
        assert everything.sums["solve_seconds"] == sum(int((c.solved_at - c.created).total_seconds()) for c in rows if c.solved_at)
        ratings = Rating.objects.filter(conversation__merged_into=None)
        assert (everything.sums["rated"], everything.sums["rating_sum"]) == (ratings.count(), sum(r.score for r in ratings))
        clocks = Clock.objects.filter(conversation__merged_into=None)
        kept = clocks.filter(met_at__isnull=False, breached_at=None).count()
        assert (everything.sums["kept"], everything.sums["missed"]) == (kept, clocks.filter(breached_at__isnull=False).count())
        by_topic = Counter(c.topic_id or 0 for c in rows)
        assert {line.key: line.sums["opened"] for line in by("topic", start, end) if line.sums["opened"]} == {
            str(k): n for k, n in by_topic.items()
        }
        by_day = Counter(str(c.created.astimezone(UTC).date()) for c in rows)
        assert {line.key: line.sums["opened"] for line in by("day", start, end) if line.sums["opened"]} == dict(by_day)


def test_a_day_that_changes_while_it_is_summed_is_summed_again(db):
    made = ticket(1)
    mark([made.events.first().pk])
    assert StaleDay.objects.count() == 1
    sum_stale()
    assert not StaleDay.objects.exists() and Figure.objects.get().opened == 1


def test_the_page_and_its_csv_are_for_leaders(client, make_agent, signed_in, db):
    ticket(1)
    roll()
    desk = signed_in(make_agent("boss", role="supervisor", badge="9"))
    for dimension in ("day", "hour", "weekday", "channel", "language", "topic", "team", "agent", "nonsense"):
        assert desk.get(f"/desk/reports/?days=7&by={dimension}").status_code == 200
    text = desk.get("/desk/reports/export.csv?by=channel").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("channel,opened") and "Form,1" in text
    assert signed_in(make_agent("ann", badge="8")).get("/desk/reports/").status_code == 403
