"""Answering everybody at once: each in their own language, each once, however often the work is interrupted."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from kefu.conversations.checklist import Unfinished, tell_unfinished
from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.guard import guard_outgoing
from kefu.conversations.models import IS_OPEN, Conversation, locked
from kefu.conversations.reply import reply
from kefu.conversations.resolve import solve
from kefu.incidents.models import Incident
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system.audit.log import write as audit
from kefu.system.jobs.queue import enqueue

AT_ONCE = 25
JOB = "incidents.answer.answer_some"


def answer_all(incident: Incident, *, texts: Mapping[str, str], by: Agent) -> int:
    """Tell every linked conversation that is not over, and mark it as solved; returns how many will be. One whose checklist is
    unfinished is told all the same, and stays open.

    The work is done by jobs. Whoever answers afterwards reopens only their own. Raises NotAllowed, Refused for a text
    that asks for a secret, ValueError for no text.
    """
    if not may(by, "incidents.write"):
        raise NotAllowed("incidents.write")
    clean = {code: guard_outgoing(text.strip()) for code, text in texts.items() if text.strip()}
    if not clean:
        raise ValueError("text")
    with transaction.atomic():
        found = Incident.objects.select_for_update().get(pk=incident.pk)
        found.answers, found.answered, found.answer_round = clean, 0, found.answer_round + 1
        found.to_answer = linked(found).count()
        found.save()
        audit(str(by), "incident.answered", f"incident:{found.pk}", conversations=found.to_answer)
        enqueue(JOB, incident_id=found.pk, agent_id=by.pk, unique=f"incident:{found.pk}")
    return found.to_answer


def linked(incident: Incident) -> "QuerySet[Conversation]":
    """The linked conversations that are not over, in the order of their ids."""
    return incident.conversations.filter(IS_OPEN).order_by("pk")


def answer_some(incident_id: int, agent_id: int) -> int:
    """Job: the next ones, then itself again until nobody is left; returns how many were answered."""
    incident, agent = Incident.objects.get(pk=incident_id), Agent.objects.get(pk=agent_id)
    key = f"incident:{incident.pk}:{incident.answer_round}"  # a run that was interrupted finds the reply that is there
    done = 0
    for conversation in _untold(incident, key)[:AT_ONCE]:
        text = incident.answers.get(conversation.language) or incident.answers.get("en") or next(iter(incident.answers.values()))
        try:
            reply(conversation, text, agent=agent, client_key=key, data={"incident": incident.slug})
            _solve(conversation, agent, incident)
        except Conflict:
            pass  # somebody closed it meanwhile
        done += 1
    with transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(answered=max(0, incident.to_answer - _untold(incident, key).count()))
        if _untold(incident, key).exists():
            enqueue(JOB, incident_id=incident_id, agent_id=agent_id, unique=f"incident:{incident.pk}")
    return done


def _untold(incident: Incident, key: str) -> "QuerySet[Conversation]":
    """The linked ones that are not over and do not have this round's answer."""
    return linked(incident).exclude(messages__client_key=key)


def _solve(conversation: Conversation, agent: Agent, incident: Incident) -> None:
    try:
        solve(conversation, by=agent)
    except Unfinished as error:
        with locked(conversation) as c:
            tell_unfinished(c, error.items, by=agent, name=incident.title(c.language))
            c.save()
