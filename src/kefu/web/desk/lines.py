"""The lines of the inbox. Put together in Python: fifty lines of template tags cost ten times the time of all the rest."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.functions import Left
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import now
from django.utils.translation import gettext as _

from kefu.conversations.models import Conversation, Message
from kefu.sla.explain import length
from kefu.topics.names import names
from kefu.web.desk import labels
from kefu.web.desk.clocks import with_next_due
from kefu.web.ui.clock import when
from kefu.web.ui.icons import icon
from kefu.web.ui.messages import plain_marks

# What a line shows and what says where it stands; the JSON of a conversation and of a customer is not read for it.
SHOWN = (
    "uid", "number", "subject", "channel", "language", "priority", "tier", "topic_id", "customer__name",
    "waiting_since", "queued_at", "solved_at", "binned_at", "last_message_at", "agent_read_seq", "last_seq",
)  # fmt: skip
SAID = (Message.Kind.CUSTOMER, Message.Kind.AGENT, Message.Kind.BOT)
NEAR_END = 6  # so many entries from the end the last words are looked for; activities stand between
LONGEST = 90
ALIKE = 30  # characters: the first words of a short talk stand in its subject already
NOBODY = UUID(int=0)  # stands in an address for the conversation: finding an address costs more than writing one

LINE = (
    '<li>{choose}<a href="{address}" title="{number}"{classes}{current}><span class="who"><span class="clip">{name}</span>{tier}</span>'
    '<span class="sla {tone}">{due}</span><span class="subject clip">{subject}</span><span class="last clip muted">{last}</span>'
    '<span class="tags">{channel}{topic}{priority}<span class="tag">{language}</span>'
    '<span class="push muted num t-xs">{moment}</span></span></a></li>'
)


def found(ids: list[int]) -> list[Conversation]:
    """The conversations of these ids, in this order, with what a line shows; those that are gone are left out."""
    rows = {one.pk: one for one in shown_rows(ids)}
    return [rows[pk] for pk in ids if pk in rows]


def shown_rows(ids: list[int]) -> "QuerySet[Conversation]":
    """Conversations with what a line of the list shows."""
    return with_next_due(Conversation.objects.filter(pk__in=ids).select_related("customer").only(*SHOWN))


def lines(rows: Iterable[Conversation], *, place: str, current: str, choosing: bool, language: str) -> list[SafeString]:
    """One ``<li>`` a conversation; ``place`` says in which list it stands (as ``view=mine&q=…``), so that the next one is the
    next of that list; ``current`` is the uid of the one that is open, ``choosing`` gives each a box to tick."""
    rows = list(rows)
    at, topics, said = now(), names(language), last_words([one.pk for one in rows])
    fixed = {
        "address": reverse("desk-conversation", args=[NOBODY]),
        "clock": icon("clock"),
        "late": _("late {time}"),
        "left": _("{time} left"),
        "choose": _("Choose {number}"),
        "priorities": {4: f'<span class="tag bad">{_("Urgent")}</span>', 3: f'<span class="tag warn">{_("High")}</span>'},
    }
    return [
        _line(one, at=at, topic=topics.get(one.topic_id or 0, ""), last=said.get(one.pk, ""), place=escape(place),
              current=one.uid.hex == current, choosing=choosing, fixed=fixed)
        for one in rows
    ]  # fmt: skip


def last_words(ids: list[int]) -> dict[int, str]:
    """By conversation, as HTML: the beginning of what was said last, by anybody but colleagues among themselves."""
    rows = Message.objects.filter(conversation__in=ids, seq__gt=F("conversation__last_seq") - NEAR_END, kind__in=SAID)
    told = rows.order_by("conversation", "seq").values_list("conversation", "kind", Left("body", LONGEST))
    ours = escape(_("We: "))
    return {pk: ("" if kind == Message.Kind.CUSTOMER else ours) + escape(" ".join(plain_marks(text).split())) for pk, kind, text in told}


def _line(one: Any, *, at: datetime, topic: str, last: str, place: str, current: bool, choosing: bool, fixed: dict[str, Any]) -> SafeString:
    number = escape(one.number or "")
    tone, due = _due(one, at, fixed)
    subject = escape(plain_marks(one.subject))
    unread = one.waiting_since is not None and one.agent_read_seq < one.last_seq
    box = (
        f'<input class="choose" type="checkbox" name="ids" value="{one.uid.hex}" form="bulk-form"'
        f' aria-label="{fixed["choose"].format(number=number)}">'
    )
    return mark_safe(
        LINE.format(
            choose=box if choosing else "",
            address=f"{fixed['address'].replace(str(NOBODY), str(one.uid))}?{place}",
            number=number,
            classes=' class="unread"' if unread else "",
            current=' aria-current="true"' if current else "",
            name=escape(one.customer.name) or number,
            tier=f'<span class="tag vip">VIP {one.tier}</span>' if one.tier else "",
            tone=tone,
            due=due,
            subject=subject or number,
            last=last if last and not last.startswith(subject[:ALIKE] or number) else number,
            channel=icon(labels.CHANNEL_ICONS.get(one.channel, "chat")),
            topic=f'<span class="tag">{escape(topic)}</span>' if topic else "",
            priority=fixed["priorities"].get(one.priority, ""),
            language=escape(labels.language(one.language)),
            moment=when(one.last_message_at, "ago"),
        )
    )


def _due(one: Any, at: datetime, fixed: dict[str, Any]) -> tuple[str, str]:
    """The nearest promise: how it stands, and how long it has; how long somebody waits where nothing is promised."""
    if one.next_due:
        late = one.next_due <= at
        words = fixed["late" if late else "left"].format(time=escape(length(abs(one.next_due - at))))
        return "late" if late else "soon" if one.next_warn and one.next_warn <= at else "", f"{fixed['clock']}{words}"
    return "", f"{fixed['clock']}{when(one.waiting_since, 'ago')}" if one.waiting_since else ""
