"""Looking for a conversation: by its number, its customer's uid, mailbox or name, or by what was said in it."""

import re

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from kefu.conversations.matching import condition
from kefu.conversations.models import Conversation
from kefu.people.models import Agent, Customer, Identity
from kefu.system.search.index import find as find_texts
from kefu.text import numbering
from kefu.text.conditions import CLOSED, BadCondition, parse
from kefu.text.secrets import redact

UID = re.compile(r"\d{6,12}")
NAMED = re.compile(r"(?:^|\s)-?[a-z]+(?::|[<>]=?)\S")
MOST = 500  # texts that are looked at


def find(agent: Agent, query: str) -> "QuerySet[Conversation]":
    """The agent's visible conversations that fit, in no order yet.

    A number, a uid and a mailbox are looked up exactly; words must all occur in one message, in any language. With
    conditions (``status:open waiting>30m``, see ``text.conditions``) these decide. Raises BadCondition.
    """
    rows = Conversation.objects.visible_to(agent)  # type: ignore[attr-defined]
    query = redact(query).text.strip()
    if number := numbering.read(query):
        return rows.filter(number=number)  # type: ignore[no-any-return]
    if "@" in query and " " not in query:
        owners = Identity.objects.filter(kind=Identity.Kind.EMAIL, address=query.lower()).values("customer")
        return rows.filter(customer__in=list(owners.values_list("customer", flat=True)))  # type: ignore[no-any-return]
    if NAMED.search(query):
        return rows.filter(condition(parse(query), agent=agent))  # type: ignore[no-any-return]
    said = Q(pk__in=find_texts(query, limit=MOST), bin="")
    if UID.fullmatch(query):
        owners = Customer.objects.filter(exchange_uid=query).values_list("pk", flat=True)
        return rows.filter(Q(customer__in=list(owners)) | said)  # type: ignore[no-any-return]
    return rows.filter(said)  # type: ignore[no-any-return]


def why_not(error: BadCondition) -> str:
    """What is wrong with a condition, and what to write instead."""
    name = error.term.lstrip("-").partition(":")[0]
    words = {
        "value": _("“%(term)s” is never so. There are: %(known)s."),
        "name": _(
            "“%(term)s” is no condition. There are: status, topic, team, tag, channel, language, assignee, is, priority, tier, level, created, waiting, quiet, solved."
        ),
        "number": _("“%(term)s” needs a number, such as tier>=3."),
        "time": _("“%(term)s” needs an amount of time, such as waiting>30m or created<7d."),
        "empty": _("“%(term)s” says nothing after the sign."),
        "too_many": _("These are too many conditions for one search."),
    }
    return words[error.why] % {"term": error.term, "known": _(", ").join(sorted(CLOSED.get(name, ())))}
