"""The supervisor's board: how it stands now, from the rows themselves, beside what is usual."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Min, Q
from django.db.models.functions import ExtractHour
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone, localdate, localtime, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.conversations.models import IS_OPEN, Conversation, Event, EventKind, Message
from kefu.incidents.spikes import going_on
from kefu.people.models import Team
from kefu.reports import hours
from kefu.reports.figures import by, total
from kefu.sla.models import Clock
from kefu.surveys.models import Rating
from kefu.topics.models import Topic
from kefu.web.desk import labels
from kefu.web.desk.board_staff import staff
from kefu.web.desk.chart import Chart, Series, chart
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell

Stage = Conversation.Stage
LOW = 2  # ratings up to this ask for a look
SHOWN = 6


@require_safe
@for_agents("board.read", shown_when_idle=True)
def board(request: AgentRequest) -> HttpResponse:
    figures = state(get_language() or "en")
    if request.headers.get("HX-Target") == "board":
        return render(request, "desk/board_figures.html", figures)
    return render(request, "desk/board.html", shell(request) | figures)


def state(language: str) -> dict[str, Any]:
    """Every figure of the board; the number of queries does not depend on how much there is."""
    at = now()
    today = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    # What is open is counted from the open ones, what happened today from today's: never from a year of rows.
    rows = Conversation.objects.filter(IS_OPEN).aggregate(
        waiting=Count("pk", filter=Q(stage=Stage.QUEUED)),
        oldest=Min("queued_at", filter=Q(stage=Stage.QUEUED)),
        served=Count("pk", filter=Q(stage=Stage.LIVE)),
        with_bot=Count("pk", filter=Q(stage=Stage.BOT)),
        unanswered=Count("pk", filter=Q(waiting_since__isnull=False)),
    )
    rows["solved"] = Conversation.objects.filter(solved_at__gte=today).count()
    people, load = staff(language)
    sums = total(localdate(at), localdate(at))
    inflow, opened, usual = inflow_of_today(today)
    rows["opened"] = opened
    return {
        "figures": rows,
        "usual": usual,
        "longest": (at - rows["oldest"]).total_seconds() if rows["oldest"] else None,
        "median_first": median_first(today),
        **promises(at),
        "today": sums,
        "lately": lately(at, today),
        "agents": people,
        "load": load,
        "inflow": inflow,
        "channels": shares([(labels.channel(line.key), line.sums["opened"]) for line in by("channel", localdate(at), localdate(at))]),
        "teams": teams(language, at),
        "by_topic": topics(language),
        "low": low_ratings(at),
        "spikes": [(one, one.name(language)) for one in going_on()[:2]],
        "at": at,
    }


def inflow_of_today(today: Any) -> tuple[Chart, int, int | None]:
    """The chart of what came and what was solved by hour, how many came, and how many usually had by now."""
    zone, hour = get_current_timezone(), localtime().hour
    counts: dict[str, Counter[int]] = {}
    for name, moment in (("came", "created"), ("solved", "solved_at")):
        rows = Conversation.objects.filter(merged_into__isnull=True, bin="", **{f"{moment}__gte": today}).order_by()
        by_hour = rows.annotate(hour=ExtractHour(moment, tzinfo=zone)).values_list("hour").annotate(n=Count("pk"))
        counts[name] = Counter(dict(by_hour))
    usually = hours.usual(today.date(), zone)
    series = [
        Series(_("Came in"), [counts["came"][n] if n <= hour else None for n in range(24)], "main"),
        Series(_("Solved"), [counts["solved"][n] if n <= hour else None for n in range(24)]),
        Series(_("Usually"), usually if any(usually) else [None] * 24, "forecast"),
    ]
    by_now = round(sum(usually[:hour]) + usually[hour] * localtime().minute / 60) if any(usually) else None
    return chart([f"{n}:00" for n in range(24)], series), sum(counts["came"].values()), by_now


def promises(at: Any) -> dict[str, int]:
    """How many running promises are at risk, and how many are late."""
    running = Clock.objects.filter(met_at=None, due_at__isnull=False, warn_at__lte=at)
    return running.aggregate(at_risk=Count("pk", filter=Q(due_at__gt=at)), late=Count("pk", filter=Q(due_at__lte=at)))


def median_first(today: Any) -> float | None:
    """Of today's first answers by people: the middle of how long they took from asking for a person."""
    rows = Conversation.objects.filter(first_replied_at__gte=today, queued_at__isnull=False).values_list("first_replied_at", "queued_at")
    took = [(first - queued).total_seconds() for first, queued in rows[:2000] if first and queued and first > queued]
    return median(took) if took else None


def lately(at: Any, today: Any) -> list[tuple[str, int]]:
    """What was said in the last hour, and what the guard and the bot did today."""
    kinds = (EventKind.HANDOFF_REQUESTED, EventKind.SECRET_REMOVED)
    told = Event.objects.filter(kind__in=kinds, created__gte=today).order_by().values_list("kind").annotate(n=Count("pk"))
    events = Counter(dict(told))
    hour = at - timedelta(hours=1)
    said = Message.objects.filter(conversation__last_message_at__gte=hour, created__gte=hour, kind__in=["agent", "bot"])
    spoken = dict(said.order_by().values_list("kind").annotate(n=Count("pk")))
    return [
        (_("Answers by people, last hour"), spoken.get("agent", 0)),
        (_("Answers by the bot, last hour"), spoken.get("bot", 0)),
        (_("Handed over today"), events[EventKind.HANDOFF_REQUESTED]),
        (_("Secrets removed today"), events[EventKind.SECRET_REMOVED]),
    ]


def shares(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int, int]]:
    """Name, number and percentage, of those that have any."""
    found = [(name, n) for name, n in rows if n]
    whole = sum(n for _name, n in found) or 1
    return [(name, n, round(100 * n / whole)) for name, n in found]


def teams(language: str, at: Any) -> list[dict[str, Any]]:
    """Each team with what waits, for how long, who is there, and promises kept today; those in trouble first."""
    open_rows = Conversation.objects.filter(IS_OPEN).order_by().values("team")
    told = open_rows.annotate(
        waiting=Count("pk", filter=Q(stage=Stage.QUEUED)),
        unanswered=Count("pk", filter=Q(waiting_since__isnull=False)),
        since=Min("waiting_since"),
    )
    stand = {row["team"]: row for row in told}
    kept = {line.key: line.kept_share for line in by("team", localdate(at), localdate(at))}
    present = Q(agents__active=True, agents__presence="online", agents__seen_at__gte=at - timedelta(minutes=3))
    rows = Team.objects.annotate(all=Count("agents", filter=Q(agents__active=True)), here=Count("agents", filter=present))
    found = []
    for pk, name, slug, here, everybody in [
        *((team.pk, team.label(language), team.slug, team.here, team.all) for team in rows),
        (None, _("No team"), "none", None, None),
    ]:
        row = stand.get(pk, {"waiting": 0, "unanswered": 0, "since": None})
        share = kept.get(str(pk or 0))
        if pk is None and not row["unanswered"] and not row["waiting"]:
            continue
        found.append({
            "name": name, "slug": slug, "here": here, "all": everybody, "waiting": row["waiting"], "unanswered": row["unanswered"],
            "longest": (at - row["since"]).total_seconds() if row["since"] else None, "kept": share,
            "percent": round(100 * share) if share is not None else None,
            "tone": tone(row["unanswered"], here, share),
        })  # fmt: skip
    order = {"bad": 0, "warn": 1, "ok": 2, "hollow": 3}
    return sorted(found, key=lambda one: (order[one["tone"]], -one["unanswered"], one["name"]))


def tone(unanswered: int, here: int | None, kept: float | None) -> str:
    """bad: people wait and nobody is there, or many promises are missed; warn: it begins; hollow: nothing to do."""
    if (unanswered and here == 0) or (kept is not None and kept < 0.85):
        return "bad"
    if (here and unanswered > 5 * here) or (kept is not None and kept < 0.95):
        return "warn"
    return "ok" if unanswered or here else "hollow"


def topics(language: str) -> list[tuple[str, str, int, int]]:
    """Name, slug, waiting and unanswered by topic, the fullest first."""
    rows = Conversation.objects.filter(IS_OPEN).order_by().values_list("topic")
    counted = rows.annotate(
        waiting=Count("pk", filter=Q(stage=Stage.QUEUED)), unanswered=Count("pk", filter=Q(waiting_since__isnull=False))
    )
    known = {topic.pk: topic for topic in Topic.objects.prefetch_related("translations")}
    found = [
        (known[pk].label(language) if pk in known else "–", known[pk].slug if pk in known else "", waiting, unanswered)
        for pk, waiting, unanswered in counted
        if waiting or unanswered
    ]
    return sorted(found, key=lambda row: (-row[2], -row[3]))[:SHOWN]


def low_ratings(at: Any) -> list[Rating]:
    """The latest bad ratings of the last days."""
    rows = Rating.objects.filter(score__lte=LOW, created__gte=at - timedelta(days=7))
    return list(rows.select_related("conversation__customer").order_by("-created")[:SHOWN])
