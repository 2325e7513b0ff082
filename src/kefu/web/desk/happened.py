"""What happened to a conversation, in the words that staff read."""

from typing import Any

from django.utils.translation import gettext as _

from kefu.conversations.models import Conversation, Message
from kefu.sla.explain import kind_name
from kefu.web.desk import labels


def happened(message: Message, name: str) -> str:
    """An activity in words; ``name`` is the agent's, as the reader sees it. An unknown one is its own name."""
    data = message.data
    what = str(data.get("what", ""))
    values = {"name": name or _("The system"), "to": data.get("to", ""), "after": data.get("after", ""), "number": data.get("number", "")}
    for words in (_work, _together, _promises, _mail):
        if what in (found := words(data, values)):
            return found[what]
    return what


def _work(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """Who has it, and whether it is over."""
    why = labels.reason(str(data.get("reason", "")))
    because = labels.because(data.get("because", []))
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
        "status": _("%(name)s set the status to %(after)s") % values,
    }


def _together(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What agents did with it, and what it belongs to."""
    return {
        "split_from": _("%(name)s split this off %(number)s") % values,
        "split_into": _("%(name)s split a part off: %(number)s") % values,
        "related": _("%(name)s linked %(number)s") % values,
        "asked_team": _("%(name)s asked team %(to)s: %(number)s") % values,
        "asked_by_mail": _("%(name)s asked %(to)s by mail: %(number)s") % values,
        "bulk_undone": _("%(name)s undid action on many #%(run)s") % {**values, "run": data.get("run", "")},
        "held_back": _("An answer of %(name)s was not sent: the thread has changed. It waits as a draft.") % values
        if data.get("why") == "changed"
        else _("An answer of %(name)s could not be sent. It waits as a draft.") % values,
        "linked": _("Linked to an incident"),
        "unlinked": _("No longer linked to an incident"),
        "snoozed": _("%(name)s put it aside") % values,
        "woken": _("It came back"),
        "merged_from": _("%(name)s merged %(number)s into this one") % values,
        "merged_into": _("Merged into %(number)s") % values,
        "tagged": _("%(name)s changed the tags: %(tags)s")
        % {**values, "tags": " ".join([*(f"+{t}" for t in data.get("added", [])), *(f"−{t}" for t in data.get("removed", []))])},
    }


def _mail(data: dict[str, Any], _values: dict[str, Any]) -> dict[str, str]:
    """What came and went by mail."""
    return {
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
    }


def _promises(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """How urgent it is, and what was promised."""
    levels = dict(Conversation.Priority.choices)
    return {
        "priority": _("Priority %(before)s → %(after)s")
        % {"before": levels.get(data.get("before"), "?"), "after": levels.get(data.get("after"), "?")},
        "escalated": _("Passed up to: %(rung)s. “%(reason)s”")
        % {"rung": labels.rung(int(data.get("level", 2))), "reason": data.get("reason", "")},
        "rule": _("“%(name)s” did: %(did)s") % {"name": data.get("name", ""), "did": " · ".join(data.get("did", []))},
        "sla_warned": _("A promise is at risk: %(clock)s") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_breached": _("A promise was missed: %(clock)s. It is served sooner now.") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_missed": _("The customer was told that we are late"),
        "frozen": _("%(name)s had the account frozen: “%(reason)s”") % {**values, "reason": data.get("reason", "")},
        "rated": _("The customer rated it %(score)s/5") % {"score": data.get("score", "?")},
    }
