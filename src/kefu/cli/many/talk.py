"""One made-up conversation: when it came, how it went, how it stands."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from kefu.cli.many import speech
from kefu.conversations.models import Conversation, Message

Status, Kind = Conversation.Status, Message.Kind

LANGUAGES = (("zh-hans", 60), ("en", 22), ("ru", 6), ("tr", 5), ("vi", 4), ("es", 3))
CHANNELS = (("webchat", 55), ("email", 25), ("form", 20))
# Share of a day's arrivals by hour (UTC): busiest when Asia is awake.
HOURS = (6, 7, 7, 6, 5, 5, 5, 6, 6, 6, 5, 5, 5, 5, 5, 4, 3, 2, 2, 2, 2, 2, 3, 4)


@dataclass(slots=True)
class Said:
    """One message: ``by`` is its kind, ``at`` its moment."""

    by: str
    text: str
    at: datetime


@dataclass(slots=True)
class Talk:
    """What the rows of one conversation are made of; moments are None where it did not happen."""

    at: datetime
    channel: str
    language: str
    topic: str
    status: str
    tier: int
    priority: int
    subject: str
    by_bot: bool
    said: list[Said] = field(default_factory=list)
    replied_at: datetime | None = None
    solved_at: datetime | None = None
    waiting_since: datetime | None = None
    score: int = 0


def talk(rng: Random, at: datetime, topic: str, *, until: datetime) -> Talk:
    """A conversation that began at ``at``, as it stands at ``until``: the older, the surer it is over."""
    language, channel = weighted(rng, LANGUAGES), weighted(rng, CHANNELS)
    text = speech.asked(rng, language, topic)
    by_bot = channel == "webchat" and rng.random() < 0.55
    tier = rng.choices((0, 1, 2, 3, 4, 5), (86, 7, 3, 2, 1, 1))[0]
    priority = rng.choices((1, 2, 3, 4), (12, 66, 18, 4))[0]
    made = Talk(at, channel, language, topic, Status.OPEN, tier, priority, text[:80], by_bot)
    made.said.append(Said(Kind.CUSTOMER, text, at))
    moment = at
    if channel == "webchat":
        moment += timedelta(seconds=1)
        made.said.append(Said(Kind.BOT, speech.line(rng, "bot", language), moment))
    if not by_bot:
        moment += timedelta(minutes=rng.lognormvariate(1.2 if channel == "webchat" else 4.5, 1))
        _with_agent(rng, made, moment, until)
    ended = made.said[-1].at + timedelta(minutes=rng.lognormvariate(5, 1.2))
    if ended < until:
        made.status = Status.CLOSED if ended < until - timedelta(days=7) else Status.SOLVED
        made.solved_at, made.waiting_since = ended, None
        made.score = rng.choices((0, 1, 2, 3, 4, 5), (82, 2, 1, 2, 4, 9))[0]
    elif made.said[-1].by == Kind.AGENT:
        made.status = rng.choice((Status.PENDING, Status.PENDING, Status.ON_HOLD))
    else:
        made.status, made.waiting_since = Status.OPEN if made.replied_at else Status.NEW, made.said[-1].at
    return made


def _with_agent(rng: Random, made: Talk, moment: datetime, until: datetime) -> None:
    """Question and answer, up to three times, as far as the present allows."""
    for turn in range(rng.choices((1, 2, 3), (50, 33, 17))[0]):
        if turn:
            moment += timedelta(minutes=rng.lognormvariate(2.5, 1.2))
            if moment > until:
                return
            made.said.append(Said(Kind.CUSTOMER, speech.line(rng, "said_again", made.language), moment))
            moment += timedelta(minutes=rng.lognormvariate(2.5, 1.2))
        if moment > until:
            return
        made.said.append(Said(Kind.AGENT, speech.line(rng, "answered", made.language), moment))
        made.replied_at = made.replied_at or moment


def moments(rng: Random, count: int, *, days: int, until: datetime) -> list[datetime]:
    """``count`` moments of arrival in the last ``days`` days, in order: growing over the year, fewer on Sundays."""
    weights = [(1 + day / days) * (0.75 if (until - timedelta(days=days - day)).weekday() == 6 else 1) for day in range(days)]
    midnight = until.replace(hour=0, minute=0, second=0, microsecond=0)
    chosen_days = rng.choices(range(days), weights, k=count)
    chosen_hours = rng.choices(range(24), HOURS, k=count)
    found = [
        midnight - timedelta(days=days - 1 - day) + timedelta(hours=hour, seconds=rng.random() * 3600)
        for day, hour in zip(chosen_days, chosen_hours, strict=True)
    ]
    return sorted(moment if moment < until else until - timedelta(seconds=rng.random() * 86_400) for moment in found)


def weighted(rng: Random, choices: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _weight in choices], [weight for _name, weight in choices])[0]
