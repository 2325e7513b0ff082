"""What happened to a conversation, in the words that staff read."""

from typing import Any

from django.utils.translation import gettext as _

from kefu.conversations.models import Conversation, Message
from kefu.exchange import words
from kefu.people.ladder import Rung
from kefu.sla.explain import kind_name
from kefu.web.cards import what_of
from kefu.web.desk import action_words, approval_words, labels
from kefu.web.desk.delivery_words import why as why_not_sent


def happened(message: Message, name: str) -> str:
    """An activity in words; ``name`` is the agent's, as the reader sees it. An unknown one is its own name."""
    data = message.data
    what = str(data.get("what", ""))
    values = {
        "by_agent": bool(name),
        "name": name or _("The system"),
        "to": data.get("to", ""),
        "after": data.get("after", ""),
        "number": data.get("number", ""),
    }
    for group in (_work, _checklist, _approval, _together, _exchange, _promises, _mail):
        if what in (found := group(data, values)):
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
        "unassigned": _("Nobody has it now: the agent left the team"),
        "left_queue": _("The customer left the queue"),
        "message_left": _("The customer left a message to be answered by mail"),
        "absent": _("The customer was away; it goes on as a ticket"),
        "opened_for": _("%(name)s opened this for the customer") % values,
        "solved": _("%(name)s marked it as solved") % values if data.get("by") != "customer" else _("The customer marked it as solved"),
        "reopened": _("Opened again"),
        "closed": _("The customer closed it") if data.get("by") == "customer" else _("Closed: nobody came back"),
        "status": _("%(name)s set the status to %(after)s") % values,
    }


def _checklist(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What was to be done, and what was done of it."""
    item = {**values, "item": labels.item(data.get("item", {}))}
    items = {**values, "name": data.get("name") or values["name"], "items": labels.items(data.get("items", []))}
    return {
        "ticked": _("%(name)s ticked “%(item)s”") % item,
        "unticked": _("%(name)s took the tick from “%(item)s” away") % item,
        "item_added": _("%(name)s added to the checklist: “%(item)s”") % item,
        "item_removed": _("%(name)s removed from the checklist: “%(item)s”") % item,
        "unfinished": _("Not solved by “%(name)s”, for the checklist is unfinished: %(items)s") % items
        if data.get("name")
        else _("Nobody came back, but the checklist is unfinished, so it is our turn: %(items)s") % items,
        "checklist_passed": _("%(name)s solved it with an unfinished checklist (%(items)s): “%(reason)s”")
        % {**values, "items": labels.items(data.get("items", [])), "reason": data.get("reason", "")},
    }


def _approval(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What needed a second person, and what that person said."""
    told = {**values, "kind": approval_words.kind(str(data.get("kind", ""))), "reason": data.get("reason", "")}
    why = {**told, "problem": approval_words.problem(str(data.get("problem", "")))}
    return {
        "approval_asked": _("%(name)s asks for a second person: %(kind)s. “%(reason)s”") % told,
        "approval_approved": (_("%(name)s approved: %(kind)s. “%(reason)s”") if told["reason"] else _("%(name)s approved: %(kind)s"))
        % told,
        "approval_declined": _("%(name)s declined: %(kind)s. “%(reason)s”") % told,
        "approval_withdrawn": _("%(name)s took the wish back: %(kind)s") % told,
        "approval_expired": _("Nobody decided in time: %(kind)s") % told,
        "approval_done": _("Carried out: %(kind)s") % told,
        "approval_failed": _("Could not be carried out: %(kind)s (%(problem)s)") % why,
    }


def _together(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What agents did with it, and what it belongs to."""
    return {
        "binned": (_("%(name)s marked it as spam") if data.get("why") == "spam" else _("%(name)s moved it to the trash")) % values
        if values["by_agent"] or data.get("why") != "spam"
        else _("Held back as spam: the sender is blocked, or a rule says so"),
        "unbinned": _("%(name)s restored it") % values,
        "not_taken": _("The sender is blocked; nobody was called"),
        "split_from": _("%(name)s split this off %(number)s") % values,
        "split_into": _("%(name)s split a part off: %(number)s") % values,
        "related": _("%(name)s linked %(number)s") % values,
        "asked_team": _("%(name)s asked team %(to)s: %(number)s") % values,
        "asked_by_mail": _("%(name)s asked %(to)s by mail: %(number)s") % values,
        "bulk_undone": _("%(name)s undid action on many #%(run)s") % {**values, "run": data.get("run", "")},
        "held_back": _("An answer of %(name)s was not sent: the thread has changed. It waits as a draft.") % values
        if data.get("why") == "changed"
        else _("An answer of %(name)s could not be sent. It waits as a draft.") % values,
        "let_in": _("%(name)s let %(to)s in: to read, and to write notes") % values,
        "let_out": (_("%(to)s left it") if data.get("left") else _("%(name)s took %(to)s out again")) % values,
        "linked": _("Linked to an incident"),
        "unlinked": _("No longer linked to an incident"),
        "snoozed": _("%(name)s put it aside") % values,
        "woken": _("It came back"),
        "merged_from": _("%(name)s merged %(number)s into this one") % values,
        "merged_into": _("Merged into %(number)s") % values,
        "tagged": _("%(name)s changed the tags: %(tags)s")
        % {**values, "tags": " ".join([*(f"+{t}" for t in data.get("added", [])), *(f"−{t}" for t in data.get("removed", []))])},
    }


def _exchange(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What was proven, and what it waits for."""
    what = what_of(str(data.get("kind", "")), str(data.get("label", "")))
    state = str(data.get("state", ""))
    state = words.kyc_state(state) if data.get("kind") == "identity" else words.transfer_state(state)
    late = data.get("outcome") == "deadline"
    return {
        "watched": _("%(name)s put it to sleep until this changes: %(what)s") % {**values, "what": what}
        if values["by_agent"]
        else _("The customer wants to be told when this changes: %(what)s") % {"what": what},
        "watch_stopped": _("%(name)s waits no longer") % values if data.get("by") == "agent" else _("The customer waits no longer"),
        "watch_ended": _("Not changed in time: %(what)s, %(state)s. The customer was told.") % {"what": what, "state": state}
        if late
        else _("Changed: %(what)s, %(state)s. The customer was told.") % {"what": what, "state": state},
        "proof_asked": _("%(name)s asked for a code from the app") % values
        if values["by_agent"]
        else _("The customer wants to prove the account"),
        "proven": _("The customer proved the account: %(how)s") % {"how": Rung(int(data.get("rung", Rung.APP))).label},
        "document_begun": _("The customer began the check of document and face at the exchange"),
        "document_failed": _("The check of document and face was not passed: tell nothing that is not public."),
        "proof_failed": _("%(tries)s wrong codes from the app in a row: tell nothing that is not public.")
        % {"tries": data.get("tries", "")},
    }


def _mail(data: dict[str, Any], values: dict[str, Any]) -> dict[str, str]:
    """What came and went by mail."""
    return {
        "not_delivered": _("The mail to %(address)s was not delivered (%(error)s).")
        % {"address": data.get("address", ""), "error": data.get("error", "")},
        "copy_not_delivered": _("The copy to %(address)s was not delivered (%(error)s).")
        % {"address": data.get("address", ""), "error": data.get("error", "")},
        "not_yet_delivered": _("Not delivered yet to %(address)s: %(why)s.")
        % {"address": data.get("address", ""), "why": why_not_sent(str(data.get("error", "")))},
        "sent_elsewhere": _("%(name)s sent the answer to %(address)s instead") % {**values, "address": data.get("address", "")},
        "sent_again": _("%(name)s sent the answer to %(address)s again") % {**values, "address": data.get("address", "")},
        "left_in_portal": _("%(name)s left the answer on the ticket’s page: no mail is tried any more") % values,
        "mail_key": (
            _("The mail domain of %(address)s publishes a PGP key; it is used from now on: %(key)s")
            if data.get("state") == "used" and data.get("source") == "wkd"
            else _("The mail domain of %(address)s publishes another PGP key; it is not used before somebody looked at it: %(key)s")
            if data.get("source") == "wkd"
            else _("A PGP key came along from a proven sender and is used from now on: %(key)s")
            if data.get("state") == "used"
            else _("A PGP key came along; it is not used before somebody looked at it: %(key)s")
        )
        % {"key": data.get("fingerprint", "")[-16:], "address": data.get("address", "")},
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
        "eased": _("%(name)s lowered the priority: “%(reason)s”") % {**values, "reason": data.get("reason", "")},
        "escalated": _("Passed up to: %(rung)s. “%(reason)s”")
        % {"rung": labels.rung(int(data.get("level", 2))), "reason": data.get("reason", "")},
        "rule": _("“%(name)s” did: %(did)s") % {"name": data.get("name", ""), "did": action_words.done(data.get("did", []))},
        "sla_warned": _("A promise is at risk: %(clock)s") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_breached": _("A promise was missed: %(clock)s. It is served sooner now.") % {"clock": kind_name(str(data.get("clock", "")))},
        "sla_missed": _("The customer was told that we are late"),
        "unfrozen": _("%(name)s had the freeze of the account ended: “%(reason)s”") % {**values, "reason": data.get("reason", "")},
        "frozen": _("%(name)s had the account frozen: “%(reason)s”") % {**values, "reason": data.get("reason", "")},
        "rated": _("The customer rated it %(score)s/5") % {"score": data.get("score", "?")},
    }
