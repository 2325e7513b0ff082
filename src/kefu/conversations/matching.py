"""From conditions to rows: the one meaning that views, triggers and the search box share."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import now

from kefu.conversations.models import IS_OPEN, IS_OVER, Conversation, Event, EventKind, Tag
from kefu.people.models import Agent
from kefu.system.search.index import find
from kefu.text.conditions import Term

COMPARED = {":": "", ">=": "__gte", "<=": "__lte", ">": "__gt", "<": "__lt"}
# Longer ago means earlier: "waiting>30m" is a time before half an hour ago.
EARLIER = {">": "__lt", ">=": "__lte", "<": "__gt", "<=": "__gte"}
MOST_TEXTS = 2000
BINS = {"trash", "spam"}
MOMENTS = {"created": "created", "waiting": "waiting_since", "quiet": "last_message_at", "solved": "solved_at"}


def condition(terms: Iterable[Term], *, agent: Agent | None = None, at: datetime | None = None) -> Q:
    """The rows of ``Conversation`` for which all terms hold at ``at`` (default: now).

    ``agent`` is who "me" and "mine" are; without one these hold for nobody.
    """
    moment = at or now()
    terms = tuple(terms)
    # What is in the bin is there for whoever asks for the bin only.
    found = Q() if any(_asks_for_bin(term) for term in terms) else Q(bin="")
    words = []
    for term in terms:
        if not term.name and not term.negated:
            words.append(term.values[0])
            continue
        one = _meaning(term, agent, moment)
        found &= ~one if term.negated else one
    if words:
        found &= Q(pk__in=find(" ".join(words), limit=MOST_TEXTS))
    return found


def holds(terms: Iterable[Term], conversation: Conversation, *, at: datetime | None = None) -> bool:
    """Whether all terms hold for one conversation, as its row stands."""
    return Conversation.objects.filter(condition(terms, at=at), pk=conversation.pk).exists()


def is_momentary(terms: Iterable[Term]) -> bool:
    """Whether what the terms ask of the database is another question each time: it holds a moment, or what words were found in."""
    return any(not term.name or term.name in MOMENTS for term in terms)


def _meaning(term: Term, agent: Agent | None, at: datetime) -> Q:
    if not term.name:
        return Q(pk__in=find(term.values[0], limit=MOST_TEXTS))
    if term.name in MOMENTS:
        name = MOMENTS[term.name]
        bound = at - timedelta(seconds=term.number)
        return Q(**{f"{name}{EARLIER[term.sign]}": bound, f"{name}__isnull": False})
    if term.name == "rating":
        return Q(**{f"rating__score{COMPARED[term.sign]}": term.number})
    if term.name == "reopened":
        again = Event.objects.filter(conversation=OuterRef("pk"), kind=EventKind.REOPENED)
        return Q(Exists(again)) if term.sign in {">", ">="} or term.number else ~Q(Exists(again))
    if term.name in {"priority", "tier", "level"}:
        return Q(**{f"{term.name}{COMPARED[term.sign]}": term.number})
    return _any(term.values, VALUES[term.name], agent)


def _asks_for_bin(term: Term) -> bool:
    return term.name == "is" and not term.negated and bool(BINS.intersection(term.values))


def _any(values: tuple[str, ...], one: Callable[[str, Agent | None], Q], agent: Agent | None) -> Q:
    found = one(values[0], agent)
    for value in values[1:]:
        found |= one(value, agent)
    return found


def _assignee(value: str, agent: Agent | None) -> Q:
    if value == "me":
        return Q(assignee=agent) if agent else Q(pk__in=[])
    return Q(assignee=None) if value == "none" else Q(assignee__badge=value)


def _team(value: str, agent: Agent | None) -> Q:
    if value == "mine":
        return Q(team__in=agent.teams.all()) if agent else Q(pk__in=[])
    return Q(team=None) if value == "none" else Q(team__slug=value)


def _is(value: str, agent: Agent | None) -> Q:
    return {
        "open": IS_OPEN,
        "over": IS_OVER,
        "waiting": Q(waiting_since__isnull=False) & IS_OPEN,
        "queued": Q(stage=Conversation.Stage.QUEUED) & IS_OPEN,
        "live": Q(stage=Conversation.Stage.LIVE) & IS_OPEN,
        "bot": Q(stage=Conversation.Stage.BOT),
        "ticket": Q(stage=Conversation.Stage.NONE),
        "unassigned": Q(assignee=None) & ~Q(stage=Conversation.Stage.BOT),
        "snoozed": Q(snoozed_until__isnull=False),
        "followed": Q(followers=agent) if agent else Q(pk__in=[]),
        "rated": Q(rating__isnull=False),
        "trash": Q(bin=Conversation.Bin.TRASH, binned_at__isnull=False),
        "spam": Q(bin=Conversation.Bin.SPAM, binned_at__isnull=False),
    }.get(value, Q(pk__in=[]))


VALUES: dict[str, Callable[[str, Agent | None], Q]] = {
    "status": lambda value, agent: Q(status=value),
    "stage": lambda value, agent: Q(stage=value),
    "topic": lambda value, agent: Q(topic__slug=value) | Q(topic__parent__slug=value),
    "team": _team,
    "channel": lambda value, agent: Q(channel=value),
    "language": lambda value, agent: Q(language=value),
    "tag": lambda value, agent: Q(pk__in=Tag.objects.filter(name=value).values("conversation")),
    "assignee": _assignee,
    "signal": lambda value, agent: Q(signals__icontains=f'"{value}"'),
    "incident": lambda value, agent: Q(incident__slug=value) if value != "none" else Q(incident=None),
    "is": _is,
}
