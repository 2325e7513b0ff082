"""Actions on many conversations: by jobs, a part at a time, each part whole or not at all; stopped and undone at any time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count
from django.utils.dateparse import parse_datetime
from django.utils.timezone import now

from kefu.automation.actions import act, check
from kefu.automation.models import BulkItem, BulkRun
from kefu.conversations.checklist import Unfinished
from kefu.conversations.errors import NotAllowed
from kefu.conversations.events import record
from kefu.conversations.models import Conversation, EventKind, Tag, locked
from kefu.conversations.timeline import append_activity
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue

JOB = "automation.bulk.work"
AT_ONCE = 50
MOST = 20_000
# What actions change and an undo puts back; tags beside them.
PLAIN = ("status", "stage", "priority", "raised", "raised_why", "lowered", "lowered_why", "topic_id", "team_id", "assignee_id", "bin")
MOMENTS = ("solved_at", "closed_at", "waiting_since", "snoozed_until", "taken_at", "binned_at")
State, RunState = BulkItem.State, BulkRun.State


class TooMany(ValueError):
    """More conversations than one run takes."""


def start(conversations: Iterable[int], actions: Sequence[Mapping[str, Any]], *, by: Agent) -> BulkRun:
    """Begin a run over these ids. Raises NotAllowed, BadAction, TooMany, and ValueError for no conversation or no action."""
    if not may(by, "desk.assign"):
        raise NotAllowed("desk.assign")
    clean, ids = check(actions), list(dict.fromkeys(conversations))
    if not clean or not ids:
        raise ValueError("nothing to do")
    if len(ids) > MOST:
        raise TooMany(len(ids))
    with transaction.atomic():
        run = BulkRun.objects.create(agent=by, actions=clean, total=len(ids))
        BulkItem.objects.bulk_create([BulkItem(run=run, conversation_id=pk) for pk in ids], batch_size=1000)
        audit(str(by), "bulk.started", f"bulk:{run.pk}", conversations=len(ids), actions=clean)
        _go_on(run)
    return run


def stop(run: BulkRun) -> None:
    """Leave the rest as it is; what was done stays."""
    BulkRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(state=RunState.STOPPED, ended=now())


def undo(run: BulkRun, *, by: Agent) -> None:
    """Put back what the run changed, where nobody has changed it since."""
    moved = BulkRun.objects.filter(pk=run.pk, state__in=[RunState.DONE, RunState.STOPPED]).update(state=RunState.UNDOING, ended=None)
    if moved:
        audit(str(by), "bulk.undone", f"bulk:{run.pk}")
        _go_on(run)


def work(run_id: int) -> int:
    """Job: the next part, then itself again until nothing is left; returns how many were looked at."""
    run = BulkRun.objects.select_related("agent").get(pk=run_id)
    undoing = run.state == RunState.UNDOING
    if run.state not in {RunState.RUNNING, RunState.UNDOING}:
        return 0
    items = BulkItem.objects.filter(run=run, state=State.CHANGED if undoing else State.WAITING).order_by("-pk" if undoing else "pk")
    part = list(items[:AT_ONCE])
    for item in part:
        try:
            with transaction.atomic():
                _put_back(item, run) if undoing else _do(item, run)
        except DatabaseError:
            raise
        except Unfinished as error:
            item.state, item.after = State.FAILED, {"unfinished": [one.words for one in error.items]}
        except Exception as error:  # one that cannot be done does not stop the others
            item.state, item.after = State.FAILED, {"error": str(error)[:200]}
        item.save(update_fields=["state", "before", "after"])
    if len(part) < AT_ONCE:
        ended = RunState.UNDONE if undoing else RunState.DONE
        BulkRun.objects.filter(pk=run.pk, state=run.state).update(state=ended, ended=now())
    else:
        _go_on(run)
    return len(part)


def progress(run: BulkRun) -> dict[str, int]:
    """How many are in which state, by the state's name in lower case; ``done`` is all that was looked at."""
    counted = dict(run.items.order_by().values_list("state").annotate(n=Count("pk")))
    found = {state.name.lower(): counted.get(state.value, 0) for state in State}
    return found | {"done": run.total - found["waiting"]}


def _go_on(run: BulkRun) -> None:
    enqueue(JOB, run_id=run.pk, unique=f"bulk:{run.pk}")


def _do(item: BulkItem, run: BulkRun) -> None:
    with locked(item.conversation_id) as c:
        before = snapshot(c)
        done = act(c, run.actions, by=run.agent, name=f"#{run.pk}", whole=True)
        after = snapshot(c)
    item.state = State.CHANGED if done else State.UNCHANGED
    item.before = {name: value for name, value in before.items() if value != after[name]}
    item.after = {name: after[name] for name in item.before}


def _put_back(item: BulkItem, run: BulkRun) -> None:
    """Only if what the run left is still there: later work of people is never undone."""
    with locked(item.conversation_id) as c:
        if any(snapshot(c)[name] != value for name, value in item.after.items()):
            item.state = State.MOVED_ON
            return
        before_status = c.status
        for name, value in item.before.items():
            if name == "tags":
                c.tags.set([Tag.objects.get_or_create(name=tag)[0] for tag in value])
            elif name in MOMENTS:
                setattr(c, name, parse_datetime(value) if value else None)
            else:
                setattr(c, name, value)
        append_activity(c, "bulk_undone", agent=run.agent, run=run.pk)
        c.save()
        if c.status != before_status:
            record(c, EventKind.STATUS_CHANGED, before=before_status, after=c.status)
    item.state = State.PUT_BACK


def snapshot(c: Conversation) -> dict[str, Any]:
    """What a run may change, as JSON takes it."""
    moments = {name: value.isoformat() if (value := getattr(c, name)) else None for name in MOMENTS}
    return {name: getattr(c, name) for name in PLAIN} | moments | {"tags": sorted(c.tags.values_list("name", flat=True))}
