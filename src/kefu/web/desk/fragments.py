"""One timeline entry as staff see it; the page and the live stream show the same."""

from functools import lru_cache
from typing import Any

from django.template import loader
from django.utils.translation import gettext as _
from django.utils.translation import override

from kefu.conversations.files import signed_address
from kefu.conversations.models import Conversation, Message
from kefu.sla.explain import kind_name
from kefu.system.live import LiveEvent
from kefu.web.desk import labels
from kefu.web.ui.messages import message_html


@lru_cache(maxsize=1)
def template() -> Any:
    return loader.get_template("desk/message.html")


def shown(message: Message, language: str) -> str:
    """The HTML of an entry, in the reader's language."""
    with override(language):
        return str(template().render(context(message, language)))


def context(message: Message, language: str) -> dict[str, Any]:
    agent = message.agent
    return {
        "message": message,
        "html": message_html(message.body),
        "name": agent.label(language) if agent else "",
        "badge": agent.badge if agent else "",
        "words": activity(message, agent.label(language) if agent else "") if message.kind == "activity" else "",
        "files": [
            {
                "name": a.name,
                "size": a.size,
                "url": signed_address(a),
                "thumbnail": signed_address(a, thumbnail=True) if a.thumbnail_key else "",
            }
            for a in message.attachments.all()
        ],
        "language": language,
    }


def activity(message: Message, name: str) -> str:
    """What happened, as staff read it."""
    data = message.data
    what = data.get("what", "")
    values = {"name": name or _("The system"), "to": data.get("to", ""), "after": data.get("after", "")}
    why = labels.reason(str(data.get("reason", "")))
    because = labels.because(data.get("because", []))
    levels = dict(Conversation.Priority.choices)
    return {
        "queued": _("Waiting for a person: %(why)s") % {"why": why},
        "joined": _("Given to %(name)s: %(because)s") % {**values, "because": because} if because else _("%(name)s took over") % values,
        "transferred": _("%(name)s passed it to %(to)s") % values,
        "requeued": _("Back in the queue: the agent was gone"),
        "left_queue": _("The customer left the queue"),
        "message_left": _("The customer left a message to be answered by mail"),
        "absent": _("The customer was away; it goes on as a ticket"),
        "solved": _("%(name)s marked it as solved") % values if data.get("by") != "customer" else _("The customer marked it as solved"),
        "reopened": _("Opened again"),
        "closed": _("The customer closed it") if data.get("by") == "customer" else _("Closed: nobody came back"),
        "priority": _("Priority %(before)s → %(after)s")
        % {"before": levels.get(data.get("before"), "?"), "after": levels.get(data.get("after"), "?")},
        "escalated": _("Passed up to: %(rung)s. “%(reason)s”")
        % {"rung": labels.rung(int(data.get("level", 2))), "reason": data.get("reason", "")},
        "rule": _("“%(name)s” did: %(did)s") % {"name": data.get("name", ""), "did": " · ".join(data.get("did", []))},
        "sla_warned": _("A promise is at risk: %(clock)s") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_breached": _("A promise was missed: %(clock)s. It is served sooner now.") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_missed": _("The customer was told that we are late"),
        "linked": _("Linked to an incident"),
        "unlinked": _("No longer linked to an incident"),
        "snoozed": _("%(name)s put it aside") % values,
        "woken": _("It came back"),
        "merged_from": _("%(name)s merged %(number)s into this one") % {**values, "number": data.get("number", "")},
        "merged_into": _("Merged into %(number)s") % {"number": data.get("number", "")},
        "tagged": _("%(name)s changed the tags: %(tags)s")
        % {**values, "tags": " ".join([*(f"+{t}" for t in data.get("added", [])), *(f"−{t}" for t in data.get("removed", []))])},
        "rated": _("The customer rated it %(score)s/5") % {"score": data.get("score", "?")},
        "not_delivered": _("The mail to %(address)s was not delivered (%(error)s). Try another way.")
        % {"address": data.get("address", ""), "error": data.get("error", "")},
        "mail_key": (
            _("A PGP key came along and is used from now on: %(key)s")
            if data.get("state") == "used"
            else _("Another PGP key came along; it is not used before somebody looked at it: %(key)s")
        )
        % {"key": data.get("fingerprint", "")[-16:]},
        "mail_again": _("The same mail came again, to %(to)s") % {"to": data.get("to", "")},
        "mail_claims": _("This mail named %(number)s, but %(address)s takes no part in it: it began a conversation of its own.")
        % {"number": data.get("number", ""), "address": data.get("address", "")},
        "mail_forged": _("The sender %(address)s is forged: the domain disowns this mail. Tell nothing that is not public.")
        % {"address": data.get("address", "")},
        "mail_automatic": _("Automatic answer from %(address)s: %(subject)s")
        % {"address": data.get("address", ""), "subject": data.get("subject", "")},
        "status": _("%(name)s set the status to %(after)s") % values,
    }.get(what, what)


def after(uid: str, language: str, seq: int) -> list[LiveEvent]:
    """The entries after ``seq``, for the live stream."""
    rows = Message.objects.filter(conversation__uid=uid, seq__gt=seq).order_by("seq")
    found = rows.select_related("agent__user").prefetch_related("attachments")
    return [LiveEvent(message.seq, "message", shown(message, language)) for message in found]
