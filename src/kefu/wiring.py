"""What happens when. Read this file to know the system; change it to change the flow."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from kefu.automation import bulk, rules
from kefu.bot.acknowledge import TICKET_CHANNELS, acknowledge
from kefu.bot.answer import answer
from kefu.channels.delivery import deliver, deliver_due
from kefu.channels.email.take_in import take_in
from kefu.channels.email.transcripts import send_transcript
from kefu.conversations.events import set_reactions
from kefu.conversations.forgotten import close_forgotten
from kefu.conversations.later import send_held
from kefu.conversations.models import Conversation, Event, EventKind
from kefu.conversations.side import tell_back
from kefu.conversations.snooze import wake_all
from kefu.incidents.answer import answer_some
from kefu.incidents.spikes import look as look_for_spikes
from kefu.reports import roll
from kefu.routing.assign import assign_next, assign_tickets, free_stranded, offer
from kefu.routing.positions import tell_all, tell_positions
from kefu.sla import run
from kefu.sla.watch import watch
from kefu.system import live
from kefu.system.jobs.run import Handler, Handlers, registry
from kefu.system.jobs.schedule import set_plan
from kefu.web.desk import fragments as agent_fragments
from kefu.web.widget import fragments as customer_fragments

Reaction = Callable[[Event], None]

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
for _kind in rules.EVENTS:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), rules.on_event)
for _kind in run.FOLLOWED:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), run.on_event)
for _kind in roll.COUNTED:
    REACTIONS[_kind] = (*REACTIONS.get(_kind, ()), roll.mark)

SCHEDULE: dict[str, timedelta] = {
    "routing.assign.assign_next": timedelta(seconds=15),
    "sla.watch.watch": timedelta(seconds=20),
    "reports.roll.sum_stale": timedelta(minutes=1),
    "automation.rules.on_time": timedelta(minutes=1),
    "conversations.snooze.wake_all": timedelta(minutes=1),
    "conversations.forgotten.close_forgotten": timedelta(minutes=10),
    "routing.assign.assign_tickets": timedelta(seconds=60),
    "routing.assign.free_stranded": timedelta(seconds=30),
    "channels.delivery.deliver_due": timedelta(seconds=60),
    "incidents.spikes.look": timedelta(minutes=2),
}


def name_of(function: Callable[..., object]) -> str:
    """A job's name: where it lives, without the package's."""
    return f"{function.__module__}.{function.__name__}".removeprefix("kefu.")


def as_job(reaction: Reaction) -> Handler:
    """A reaction as a job: it gets the event with its conversation."""
    return lambda event_id: reaction(Event.objects.select_related("conversation", "conversation__customer").get(pk=event_id))


# The bot is silent where a person was called or is there.
NEEDED: dict[Reaction, Callable[[Conversation, EventKind], bool]] = {
    answer: lambda conversation, kind: conversation.stage == Conversation.Stage.BOT,
    acknowledge: lambda conversation, kind: conversation.channel in TICKET_CHANNELS and conversation.asked_from_id is None,
    tell_back: lambda conversation, kind: conversation.asked_from_id is not None,
    offer: lambda conversation, kind: conversation.stage != Conversation.Stage.BOT,
    roll.mark: lambda conversation, kind: kind != EventKind.SAID or conversation.stage != Conversation.Stage.BOT,
    run.on_event: lambda conversation, kind: conversation.stage != Conversation.Stage.BOT,
    rules.on_event: lambda conversation, kind: rules.watched(kind),
}

# Reactions that think before they write hold no transaction meanwhile; they may happen twice, and see to it themselves.
THINKING: tuple[Reaction, ...] = (answer, acknowledge)

NETWORK = (deliver, take_in, send_transcript)
OTHERS = (answer_some, send_held, bulk.work)
PERIODIC = (
    assign_next,
    assign_tickets,
    free_stranded,
    tell_all,
    deliver_due,
    rules.on_time,
    wake_all,
    close_forgotten,
    roll.sum_stale,
    watch,
    look_for_spikes,
)

JOBS = Handlers(
    local={name_of(r): as_job(r) for reactions in REACTIONS.values() for r in reactions if r not in THINKING}
    | {name_of(job): job for job in (*PERIODIC, *OTHERS)},
    network={name_of(r): as_job(r) for r in THINKING} | {name_of(job): job for job in NETWORK},
)


def conversation_source(channel: str, variant: str, after: int) -> list[live.LiveEvent]:
    """A conversation's entries after a position, as its audience may see them, in the audience's language."""
    audience, _, language = variant.partition(":")
    uid = channel.removeprefix("c/")
    return FRAGMENTS[audience](uid, language, after)


def conversation_heads(channels: Sequence[str]) -> dict[str, int]:
    """Where each conversation's timeline stands."""
    uids = [UUID(hex=channel.removeprefix("c/")) for channel in channels]
    found = Conversation.objects.filter(uid__in=uids).values_list("uid", "last_seq")
    return {f"c/{uid.hex}": seq for uid, seq in found}


FRAGMENTS = {"customer": customer_fragments.after, "agent": agent_fragments.after}


def connect() -> None:
    """Tie everything together; called once when Django has loaded the models."""
    set_reactions(
        {kind: [name_of(r) for r in reactions] for kind, reactions in REACTIONS.items()},
        {name_of(reaction): needed for reaction, needed in NEEDED.items()},
    )
    set_plan(SCHEDULE)
    live.register("c", conversation_source, conversation_heads)
    registry.local, registry.network = JOBS.local, JOBS.network
