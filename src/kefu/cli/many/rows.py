"""The rows of a batch of made-up conversations, in every table that a real one would fill."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from kefu.cli.many import speech
from kefu.cli.many.talk import LANGUAGES, Talk, weighted
from kefu.cli.many.world import World
from kefu.conversations.models import Conversation, Event, EventKind, Message
from kefu.people.models import Customer, Identity
from kefu.sla.models import Clock
from kefu.surveys.models import Rating
from kefu.system import bulk
from kefu.system.ids import uuid7
from kefu.system.search.index import Entry, put_new
from kefu.text import numbering
from kefu.topics.models import Topic

REGULARS = 0.15  # of the customers write more often than once


@dataclass(slots=True)
class Person:
    pk: int
    email: str


class Rows:
    """Collects a batch; ``write`` gives the ids and writes all tables in the caller's transaction."""

    def __init__(self, rng: Random, world: World, until: datetime) -> None:
        self.rng, self.world, self.until = rng, world, until
        self.talks: list[tuple[Talk, Topic, Person]] = []

    def customers(self, count: int) -> list[Person]:
        """New customers, half with a mailbox, two thirds known to the exchange; a few regulars stand there often."""
        rng, first = self.rng, bulk.reserve(Customer, count)
        rows = bulk.Table(Customer, "id", "uid", "name", "language", "tier", "exchange_uid", "created")
        addresses = bulk.Table(Identity, "id", "customer", "kind", "address", "proof", "created")
        people = []
        for pk in range(first, first + count):
            language, at = weighted(rng, LANGUAGES), self.until - timedelta(days=rng.randrange(1, 900))
            uid = str(10_000_000 + pk) if rng.random() < 0.66 else ""
            rows.add(pk, uuid7(at), speech.name(rng, language), language, rng.choices((0, 1, 2, 3), (90, 6, 3, 1))[0], uid, at)
            people.append(Person(pk, f"customer{pk}@mail.example" if rng.random() < 0.5 else ""))
        ids = iter(range(bulk.reserve(Identity, count), 1 << 62))
        for one in people:
            if one.email:
                addresses.add(next(ids), one.pk, Identity.Kind.EMAIL, one.email, Identity.Proof.MAILBOX, self.until)
        rows.write()
        addresses.write()
        return people + [one for one in people if rng.random() < REGULARS] * 8

    def add(self, talk: Talk, topic: Topic, person: Person) -> None:
        """One more conversation."""
        self.talks.append((talk, topic, person))

    def write(self) -> None:
        """Everything that was added, table by table, parents first."""
        count = len(self.talks)
        lines = sum(len(talk.said) for talk, _topic, _person in self.talks)
        first, line_id = bulk.reserve(Conversation, count), bulk.reserve(Message, lines)
        event_id, clock_id = bulk.reserve(Event, 2 * count), bulk.reserve(Clock, 2 * count)
        rating_id = bulk.reserve(Rating, count)
        talks = bulk.Table(Conversation, "id", "uid", "number", "customer", "channel", "topic", "language", "subject", "status", "priority",
                           "tier", "team", "assignee", "last_seq", "agent_read_seq", "created", "last_message_at", "waiting_since",
                           "first_replied_at", "solved_at", "closed_at")  # fmt: skip
        messages = bulk.Table(Message, "id", "conversation", "seq", "kind", "agent", "body", "language", "channel", "created")
        events = bulk.Table(Event, "id", "conversation", "kind", "created")
        clocks = bulk.Table(
            Clock, "id", "conversation", "policy", "kind", "started", "warn_at", "due_at", "met_at", "warned_at", "breached_at"
        )
        ratings = bulk.Table(Rating, "id", "conversation", "agent", "score", "created")
        texts = []
        for pk, (talk, topic, person) in enumerate(self.talks, first):
            team = topic.team_id
            agent = (
                None if talk.by_bot or not talk.replied_at else self.rng.choice(self.world.agents.get(team or 0) or self.world.agents[0])
            )
            number = numbering.make(settings.NUMBER_PREFIX, talk.at.year, pk)
            closed = talk.solved_at if talk.status == Conversation.Status.CLOSED else None
            talks.add(pk, uuid7(talk.at), number, person.pk, talk.channel, topic.pk, talk.language, talk.subject, talk.status,
                      talk.priority, talk.tier, team, agent, len(talk.said), len(talk.said) if agent else 0, talk.at, talk.said[-1].at,
                      talk.waiting_since, talk.replied_at, talk.solved_at, closed)  # fmt: skip
            for seq, said in enumerate(talk.said, 1):
                by = agent if said.by == Message.Kind.AGENT else None
                messages.add(line_id, pk, seq, said.by, by, said.text, talk.language, talk.channel, said.at)
                texts.append(Entry(line_id, pk, said.text))
                line_id += 1
            events.add(event_id, pk, EventKind.STARTED, talk.at)
            if talk.solved_at:
                events.add(event_id + 1, pk, EventKind.STATUS_CHANGED, talk.solved_at)
            event_id += 2
            if self.world.policy and not talk.by_bot:
                self._clocks(clocks, clock_id, pk, talk)
                clock_id += 2
            if talk.score and talk.solved_at:
                ratings.add(rating_id, pk, agent, talk.score, talk.solved_at)
                rating_id += 1
        for table in (talks, messages, events, clocks, ratings):
            table.write()
        put_new(texts)
        self.talks = []

    def _clocks(self, clocks: bulk.Table, pk: int, talk_id: int, talk: Talk) -> None:
        """First answer within eight hours, solved within two days."""
        for offset, (kind, met, hours) in enumerate(
            ((Clock.Kind.FIRST_REPLY, talk.replied_at or talk.solved_at, 8), (Clock.Kind.RESOLUTION, talk.solved_at, 48))
        ):
            due, warn = talk.at + timedelta(hours=hours), talk.at + timedelta(hours=hours * 0.75)
            end = met or self.until
            stands = talk.status in {Conversation.Status.PENDING, Conversation.Status.ON_HOLD}
            runs = met is None and not stands
            clocks.add(pk + offset, talk_id, self.world.policy.pk if self.world.policy else None, kind, talk.at, warn if runs else None,
                       due if runs else None, met, warn if end > warn else None, due if end > due else None)  # fmt: skip
