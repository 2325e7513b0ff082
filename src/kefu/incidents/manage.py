"""Opening an incident, telling how it stands, ending it."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import now

from kefu.conversations.errors import Conflict, NotAllowed
from kefu.conversations.guard import clear
from kefu.incidents.models import Incident, IncidentUpdate
from kefu.incidents.subscribe import begin_telling
from kefu.people.models import Agent
from kefu.people.permissions import may
from kefu.system import live
from kefu.system.audit.log import write as audit
from kefu.topics.models import Topic

State = Incident.State
OWN_PAGE = re.compile(r"/(?!/)[A-Za-z0-9/_.~%#?=&-]*")
LONGEST_ADDRESS = 500  # characters


def open_incident(
    *, titles: Mapping[str, str], summaries: Mapping[str, str], words: str = "", topic: Topic | None = None, by: Agent
) -> Incident:
    """Make a fault known: on the status page, to the bot, in the ticket form. Raises NotAllowed; ValueError without a
    title."""
    _require(by)
    clean = _cleared(titles)
    if not clean:
        raise ValueError("title")
    at = now()
    with transaction.atomic():
        name = slugify(clean.get("en", ""))[:60] or "incident"
        incident = Incident.objects.create(
            slug=f"{at:%Y%m%d-%H%M%S}-{name}", topic=topic, titles=clean, summaries=_cleared(summaries), words=words[:2000], opened_by=by
        )
        IncidentUpdate.objects.create(incident=incident, state=incident.state, texts=incident.summaries or clean, agent=by)
        audit(str(by), "incident.opened", f"incident:{incident.pk}")
        transaction.on_commit(lambda: live.whisper("desk", "inbox", {"kind": "incident"}))
    return incident


def tell(incident: Incident, *, state: str, texts: Mapping[str, str], by: Agent) -> IncidentUpdate:
    """Add a line to the public log. Raises NotAllowed, Conflict when it is over, ValueError for no words or no such state."""
    _require(by)
    clean = _cleared(texts)
    if not clean or state not in State.values:
        raise ValueError(state)
    with transaction.atomic():
        found = Incident.objects.select_for_update().get(pk=incident.pk)
        if not found.is_open:
            raise Conflict(found.state)
        found.state = State(state)
        if found.state == State.SOLVED:
            found.solved_at = now()
            begin_telling(found)
        found.save()
        update = IncidentUpdate.objects.create(incident=found, state=state, texts=clean, agent=by)
        audit(str(by), "incident.told", f"incident:{found.pk}", state=state)
    return update


def link_post_mortem(incident: Incident, address: str, *, by: Agent) -> None:
    """Say where customers read what happened and what was changed: an https address or a path of our own pages; empty for
    nowhere. Raises NotAllowed, ValueError for anything else."""
    _require(by)
    address = address.strip()
    if address and not OWN_PAGE.fullmatch(address):
        try:
            URLValidator(schemes=["https"])(address)
        except ValidationError as error:
            raise ValueError(address) from error
    if len(address) > LONGEST_ADDRESS:
        raise ValueError(address)
    with transaction.atomic():
        Incident.objects.filter(pk=incident.pk).update(post_mortem=address)
        audit(str(by), "incident.post_mortem", f"incident:{incident.pk}", address=address)
    incident.post_mortem = address


def _cleared(texts: Mapping[str, str]) -> dict[str, str]:
    return {code: clear(text.strip())[0][:2000] for code, text in texts.items() if text.strip()}


def _require(by: Agent) -> None:
    if not may(by, "incidents.write"):
        raise NotAllowed("incidents.write")
