"""What happens when. Read this file to know the system; change it to change the flow."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from kefu.approvals.carry_out import carry_out, expire
from kefu.automation import bulk, macros, rules
from kefu.bot.acknowledge import TICKET_CHANNELS, acknowledge
from kefu.bot.answer import answer
from kefu.channels.delivery import deliver, deliver_due
from kefu.channels.email import alarm, backfill
from kefu.channels.email.directory import look_up
from kefu.channels.email.incident_over import send_over
from kefu.channels.email.take_in import take_in
from kefu.channels.email.transcripts import send_transcript
from kefu.conversations import bin
from kefu.conversations.events import set_reactions
from kefu.conversations.forgotten import close_forgotten
from kefu.conversations.later import send_held
from kefu.conversations.let_go import let_go
from kefu.conversations.models import Conversation, Event, EventKind
from kefu.conversations.side import tell_back
from kefu.conversations.snooze import wake_all
from kefu.conversations.wake import look as look_whether_changed
from kefu.conversations.wake import look_due
from kefu.incidents.answer import answer_some
from kefu.incidents.spikes import look as look_for_spikes
from kefu.incidents.subscribe import tell_some
from kefu.knowledge.plan import publish_due
from kefu.people.sign_ins import forget_old as forget_sign_ins
from kefu.reports import roll
from kefu.routing.assign import assign_next, assign_tickets, free_stranded, offer
from kefu.routing.positions import tell_all, tell_positions
from kefu.sla import run
from kefu.sla.watch import watch
from kefu.system import live
from kefu.system.jobs.models import LATER, SOON
from kefu.system.jobs.run import Handler, Handlers, registry
from kefu.system.jobs.schedule import set_plan
from kefu.system.prepared import Fetch
from kefu.web.desk import fragments as agent_fragments
from kefu.web.desk import report_mail
from kefu.web.widget import fragments as customer_fragments

Reaction = Callable[[Any], None]

REACTIONS: dict[EventKind, tuple[Reaction, ...]] = {
    EventKind.STARTED: (acknowledge, offer),
    EventKind.RECEIVED: (answer,),
    EventKind.QUEUED: (offer, tell_positions),
    EventKind.LEFT_QUEUE: (tell_positions,),
    EventKind.ASSIGNED: (tell_positions,),
    EventKind.STATUS_CHANGED: (offer,),
    EventKind.MESSAGE_LEFT: (tell_positions, offer),
    EventKind.REOPENED: (offer,),
    EventKind.ESCALATED: (offer,),
}
for _kind in (EventKind.RECEIVED, EventKind.NOTED, EventKind.SAID):
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), tell_back)
REACTIONS[EventKind.SAID] = (*REACTIONS[EventKind.SAID], macros.after_sent)
for _kind in rules.EVENTS:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), rules.on_event)
for _kind in run.FOLLOWED:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), run.on_event)
for _kind in roll.COUNTED:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), roll.mark)

SCHEDULE: dict[str, timedelta] = {
    "routing.assign.assign_next": timedelta(seconds=15),
    "approvals.carry_out.expire": timedelta(minutes=1),
    "sla.watch.watch": timedelta(seconds=20),
    "reports.roll.sum_stale": timedelta(minutes=1),
    "automation.rules.on_time": timedelta(minutes=1),
    "knowledge.plan.publish_due": timedelta(minutes=1),
    "conversations.snooze.wake_all": timedelta(minutes=1),
    "conversations.forgotten.close_forgotten": timedelta(minutes=10),
    "routing.assign.assign_tickets": timedelta(seconds=60),
    "routing.assign.free_stranded": timedelta(seconds=30),
    "channels.delivery.deliver_due": timedelta(seconds=60),
    "channels.email.alarm.look": timedelta(minutes=1),
    "incidents.spikes.look": timedelta(minutes=2),
    "conversations.wake.look_due": timedelta(seconds=15),
    "web.desk.report_mail.send_due": timedelta(minutes=5),
    "people.sign_ins.forget_old": timedelta(hours=1),
}


def name_of(function: Callable[..., object]) -> str:
    """A job's name: where it lives, without the package's."""
    return f"{function.__module__}.{function.__name__}".removeprefix("kefu.")


_event: Fetch[Event] = Fetch(
    lambda pk: Event.objects.filter(pk=pk).select_related("conversation", "conversation__customer"), Event._meta.get_field("id")
)


def event_of(event_id: int) -> Event:
    """An event with its conversation and customer."""
    found = _event.first(event_id)
    if found is None:
        raise Event.DoesNotExist(event_id)
    return found


def as_job(reaction: Reaction) -> Handler:
    """A reaction as a job: it gets the event with its conversation."""
    return lambda event_id: reaction(event_of(event_id))


def as_gathered(reaction: Callable[[Sequence[int]], None]) -> Handler:
    """A reaction that many events may share: it gets the ids of all that wait for it."""
    return lambda jobs: reaction([job["event_id"] for job in jobs])


# What begins with a customer's words is followed by them at once.
BEGUN_BY_WORDS = {"form", "webchat"}


def by_bot(kind: EventKind, data: Mapping[str, Any]) -> bool:
    """The assistant's words keep no promise and are counted nowhere."""
    return kind == EventKind.SAID and data.get("by") == "bot"


# The bot is silent where a person was called or is there.
NEEDED: dict[Reaction, Callable[[Conversation, EventKind, Mapping[str, Any]], bool]] = {
    answer: lambda conversation, kind, data: conversation.stage == Conversation.Stage.BOT,
    acknowledge: lambda conversation, kind, data: (
        conversation.channel in TICKET_CHANNELS and conversation.asked_from_id is None and not conversation.customer.blocked_at
    ),
    macros.after_sent: lambda conversation, kind, data: "macro" in data,
    tell_back: lambda conversation, kind, data: conversation.asked_from_id is not None,
    offer: lambda conversation, kind, data: conversation.stage != Conversation.Stage.BOT,
    roll.mark: lambda conversation, kind, data: not by_bot(kind, data),
    run.on_event: lambda conversation, kind, data: (
        conversation.stage != Conversation.Stage.BOT
        and not by_bot(kind, data)
        and not (kind == EventKind.RECEIVED and conversation.waits_on)
        and not (kind == EventKind.STARTED and conversation.channel in BEGUN_BY_WORDS)
    ),
    rules.on_event: lambda conversation, kind, data: rules.watched(kind),
}

# Reactions that think before they write hold no transaction meanwhile; they may happen twice, and see to it themselves.
THINKING: tuple[Reaction, ...] = (answer, acknowledge)

# Nobody waits for these before a screen: they let everything pass that somebody waits for, for some seconds at most.
UNHURRIED: tuple[Reaction, ...] = (acknowledge, run.on_event)

# Reactions that only count: one look serves all that happened meanwhile, and everything else goes first.
GATHERED: tuple[Callable[[Sequence[int]], None], ...] = (roll.mark,)

NETWORK = (carry_out, deliver, send_over, take_in, send_transcript, look_up, look_whether_changed, alarm.tell, backfill.work)
OTHERS = (answer_some, tell_some, send_held, let_go, bulk.work, bin.go_on)
PERIODIC = (
    expire,
    assign_next,
    assign_tickets,
    free_stranded,
    tell_all,
    deliver_due,
    rules.on_time,
    publish_due,
    wake_all,
    close_forgotten,
    roll.sum_stale,
    watch,
    look_for_spikes,
    look_due,
    alarm.look,
    report_mail.send_due,
    forget_sign_ins,
)

JOBS = Handlers(
    local={name_of(r): as_job(r) for reactions in REACTIONS.values() for r in reactions if r not in (*THINKING, *GATHERED)}
    | {name_of(job): job for job in (*PERIODIC, *OTHERS)},
    network={name_of(r): as_job(r) for r in THINKING} | {name_of(job): job for job in NETWORK},
    gathered={name_of(r): as_gathered(r) for r in GATHERED},
)


def conversation_source(channel: str, variant: str, after: int) -> list[live.LiveEvent]:
    """A conversation's entries after a position, as its audience may see them, in the audience's language."""
    audience, _, language = variant.partition(":")
    uid = channel.removeprefix("c/")
    return FRAGMENTS[audience](uid, language, after)


def conversation_fresh(channel: str, variant: str, after: int) -> list[live.LiveEvent]:
    """The same, as far as it is known here without asking the database."""
    audience, _, language = variant.partition(":")
    return FRESH[audience](UUID(hex=channel.removeprefix("c/")), language, after)


def conversation_heads(channels: Sequence[str]) -> dict[str, int]:
    """Where each conversation's timeline stands."""
    uids = [UUID(hex=channel.removeprefix("c/")) for channel in channels]
    found = Conversation.objects.filter(uid__in=uids).values_list("uid", "last_seq")
    return {f"c/{uid.hex}": seq for uid, seq in found}


FRAGMENTS = {"customer": customer_fragments.after, "agent": agent_fragments.after, "guest": agent_fragments.after_for_guest}
FRESH = {"customer": customer_fragments.fresh, "agent": agent_fragments.fresh, "guest": agent_fragments.fresh_for_guest}


def connect() -> None:
    """Tie everything together; called once when Django has loaded the models."""
    set_reactions(
        {kind: [name_of(r) for r in reactions] for kind, reactions in REACTIONS.items()},
        {name_of(reaction): needed for reaction, needed in NEEDED.items()},
        {
            (kind, name_of(r)): SOON if r in UNHURRIED else LATER
            for kind, rs in REACTIONS.items()
            for r in rs
            if r in (*UNHURRIED, *GATHERED)
        }
        | {(EventKind.STARTED, name_of(offer)): SOON},  # what begins without the assistant is a ticket
    )
    set_plan(SCHEDULE)
    live.register("c", conversation_source, conversation_heads, conversation_fresh)
    registry.local, registry.network, registry.gathered = JOBS.local, JOBS.network, JOBS.gathered
