"""What an agent may do with a conversation: the one list of which the menu, the keys and the palette show their parts.

Whether somebody may do it at all is asked of the address that does it (``for_agents`` keeps its act there), so that nothing
is decided twice; here stands only what makes sense as the conversation is. The verbs behind refuse the rest.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from dataclasses import field as having
from typing import Any

from django.urls import resolve, reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kefu.conversations.bin import may_block
from kefu.conversations.checklist import Item, items_of
from kefu.conversations.escalate import HIGHEST
from kefu.conversations.models import Conversation
from kefu.incidents.known import open_incidents
from kefu.incidents.models import Incident
from kefu.people.models import Agent, Team
from kefu.people.permissions import may

Stage, Status, Bin, Priority = Conversation.Stage, Conversation.Status, Conversation.Bin, Conversation.Priority
HEAD = 0  # the group that stands beside the menu
ASKED = -1  # only where somebody types for it


@dataclass(frozen=True)
class Action:
    """One thing to do. Either ``url`` is posted to with ``data``, or ``dialog`` is opened, or ``press`` (a selector) is pressed,
    or ``href`` is gone to, or ``insert`` (a text, of the macro ``macro``) is put into the answer.

    ``label`` is lazy, so that it can be looked for in every language; ``full`` says it where nothing stands around it,
    ``also`` holds further words by which it is found. ``group`` is its place in the menu, ``aside`` what stands beside it.
    """

    name: str
    label: Any
    icon: str
    group: int = ASKED
    full: Any = ""
    also: Any = ""
    key: str = ""
    url: str = ""
    data: dict[str, str] = having(default_factory=dict)
    dialog: str = ""
    press: str = ""
    href: str = ""
    insert: str = ""
    macro: int = 0
    confirm: Any = ""
    primary: bool = False
    aside: str = ""

    @property
    def vals(self) -> str:
        """What is posted, as htmx takes it."""
        return json.dumps(self.data)

    @property
    def field(self) -> tuple[str, str]:
        """The same as the name and the value of the button that posts it."""
        return next(iter(self.data.items()), ("", ""))


def may_post(agent: Agent, url: str) -> bool:
    """Whether the agent's role may do what this address of the desk does; true where nothing is posted."""
    return not url or may(agent, resolve(url).func.act)  # type: ignore[attr-defined]


def actions_of(agent: Agent, talk: Conversation, *, guest: bool, follows: bool) -> list[Action]:
    """What this agent may do here now, in the order of the menu. ``guest``: they were only let in."""
    to = _Addresses(talk)
    found = [*_beside(agent, talk, to), *_turns(talk, to), *_aside(talk, to), *_together(agent, talk, to, follows), *_bin(agent, talk, to)]
    if guest:
        found = [Action("leave", _("Leave"), "out", HEAD, full=_("Leave this conversation"), url=to("leaving"))]
    elif not may(agent, "desk.answer"):
        found = [one for one in found if one.name == "follow"]
    return [one for one in found if may_post(agent, one.url)]


def menu_of(actions: Iterable[Action]) -> list[list[Action]]:
    """The menu: its groups in their order."""
    groups: dict[int, list[Action]] = {}
    for one in actions:
        if one.group > HEAD:
            groups.setdefault(one.group, []).append(one)
    return [groups[number] for number in sorted(groups)]


class _Addresses:
    """The addresses of one conversation, by their short names."""

    def __init__(self, talk: Conversation) -> None:
        self.uid = talk.uid

    def __call__(self, name: str) -> str:
        return reverse(f"desk-{name}", args=[self.uid])


def _beside(agent: Agent, talk: Conversation, to: _Addresses) -> list[Action]:
    found = []
    if not talk.is_over and talk.assignee_id != agent.pk:
        found.append(
            Action("take", _("Take"), "user", HEAD, also=_("assign to me, claim, mine"), key="t", url=to("assignment"), primary=True)
        )
    if talk.status == Status.SOLVED:
        found.append(Action("reopen", _("Reopen"), "refresh", HEAD, also=_("open again"), url=to("status"), data={"status": "reopened"}))
    elif not talk.is_over:
        also = _("done, finish, close, resolve")
        found.append(Action("solve", _("Solve"), "check", HEAD, also=also, key="e", url=to("status"), data={"status": "solved"}))
    return found


def _turns(talk: Conversation, to: _Addresses) -> list[Action]:
    if talk.is_over:
        return []
    rows = (
        (Status.OPEN, _("Our turn"), "inbox", _("status, in progress")),
        (Status.PENDING, _("Customer’s turn"), "user", _("status, waiting, pending")),
        (Status.ON_HOLD, _("On hold"), "pin", _("status, pause")),
    )
    return [
        Action(f"turn:{status}", label, icon, 1, also=also, url=to("status"), data={"status": str(status)})
        for status, label, icon, also in rows
        if status != talk.status
    ]


def _aside(talk: Conversation, to: _Addresses) -> list[Action]:
    if talk.stage != Stage.NONE or talk.is_over:
        return []
    if talk.snoozed_until:
        return [Action("wake", _("Bring back"), "refresh", 2, also=_("wake, snooze"), url=to("snoozing"), data={"until": ""})]
    also = _("snooze, later, remind")
    rows = (
        ("hour", _("Put aside for an hour"), "", "h"),
        ("tomorrow", _("… until tomorrow 9:00"), _("Put aside until tomorrow 9:00"), ""),
        ("days", _("… for three days"), _("Put aside for three days"), ""),
        ("week", _("… for a week"), _("Put aside for a week"), ""),
    )
    return [
        Action(f"snooze:{until}", label, "clock", 2, full=full, also=also, key=key, url=to("snoozing"), data={"until": until})
        for until, label, full, key in rows
    ]


def _together(agent: Agent, talk: Conversation, to: _Addresses, follows: bool) -> list[Action]:
    rows = [Action("tags", _("Tags…"), "tag", 3, also=_("label"), key="g", dialog="tags")]
    label = _("Stop following") if follows else _("Follow")
    rows.append(
        Action("follow", label, "star", 3, also=_("watch, unfollow"), url=to("following"), data={"follow": "0" if follows else "1"})
    )
    if not talk.merged_into_id:
        rows.append(Action("merge", _("Merge…"), "merge", 3, also=_("join, duplicate"), key="m", dialog="merge"))
    if talk.status != Status.CLOSED:
        rows.append(Action("checklist", _("Checklist…"), "checks", 3, also=_("tasks, to do, tick"), key="d", dialog="checklist"))
    rows += [
        Action("split", _("Split…"), "layers", 3, also=_("separate"), key="s", dialog="split"),
        Action("relate", _("Link…"), "link", 3, also=_("related, connect"), key="l", dialog="relate"),
        Action("ask", _("Ask others…"), "chat", 3, also=_("side conversation, forward, partner, team"), key="o", dialog="ask"),
    ]
    if not talk.is_over:
        let_in = _("collaborate, mention, colleague")
        rows.append(Action("let-in", _("Let a colleague in…"), "at", 3, also=let_in, key="i", dialog="let-in"))
        rows.append(Action("priority", _("Priority…"), "flag", 3, also=_("urgent, raise, lower, later"), key="f", dialog="priority"))
        rows.append(Action("transfer", _("Pass on…"), "users", 3, also=_("assign, transfer, team, colleague"), key="p", dialog="transfer"))
    if talk.level < HIGHEST and talk.status != Status.CLOSED:
        rows.append(Action("escalate", _("Pass up…"), "up", 3, also=_("escalate, supervisor"), key="u", dialog="escalate"))
    return rows


def _bin(agent: Agent, talk: Conversation, to: _Addresses) -> list[Action]:
    blocked = talk.customer.blocked_at is not None
    if not talk.bin:
        rows = [Action("spam", _("Mark as spam"), "shield", 4, also=_("junk"), key="!", url=to("bin"), data={"do": "spam"})]
        if may_block(talk.customer, agent):
            ask = _("Hold back everything that this sender writes?")
            rows.append(Action("block", _("Spam, and block the sender"), "lock", 4, url=to("bin"), data={"do": "block"}, confirm=ask))
        rows.append(
            Action("trash", _("Move to the trash"), "trash", 4, also=_("delete, bin"), key="#", url=to("bin"), data={"do": "trash"})
        )
        return rows
    if talk.bin == Bin.SPAM and blocked and not may_block(talk.customer, agent):
        return []
    label = _("Release, and let the sender in") if talk.bin == Bin.SPAM and blocked else _("Not spam")
    label = label if talk.bin == Bin.SPAM else _("Restore")
    return [Action("restore", label, "refresh", 4, also=_("restore, bring back, bin"), url=to("bin"), data={"do": "restore"}, primary=True)]


def further(agent: Agent, talk: Conversation, *, colleagues: Iterable[Agent], teams: Iterable[Team]) -> list[Action]:
    """What stands in no menu because it has a value: whom to pass it to, how urgent, which incident, which tag to take away."""
    to = _Addresses(talk)
    found = [
        Action(f"untag:{name}", format_lazy(_("Remove the tag {tag}"), tag=name), "tag", url=to("tagging"), data={"remove": name})
        for name in talk.tags.values_list("name", flat=True)
    ]
    if talk.status != Status.CLOSED:
        found += [_ticking(to, one) for one in items_of(talk) if not one.done_at]
    if not talk.is_over:
        found += _passing(to, "team", teams) + _passing(to, "agent", colleagues) + _raising(to, talk)
        found += [_linking(to, one, linked=talk.incident_id == one.pk) for one in open_incidents()]
    return [one for one in found if may_post(agent, one.url)]


def with_text(agent: Agent, talk: Conversation, *, tags: Iterable[str], other: Conversation | None) -> list[Action]:
    """What can be done with what was typed: ``tags`` to stick to it, and the ``other`` conversation whose number it is."""
    to = _Addresses(talk)
    found = [
        Action(f"tag:{name}", format_lazy(_("Add the tag {tag}"), tag=name), "tag", url=to("tagging"), data={"add": name}) for name in tags
    ]
    if other is not None and other.pk != talk.pk and other.number:
        data = {"number": other.number}
        label = format_lazy(_("Link {number} to this"), number=other.number)
        found.append(Action("relate:number", label, "link", also=other.number, url=to("relating"), data=data))
        if other.customer_id == talk.customer_id and not talk.merged_into_id and not other.merged_into_id:
            label = format_lazy(_("Merge this into {number}"), number=other.number)
            found.append(Action("merge:number", label, "merge", also=other.number, url=to("merging"), data=data))
    return [one for one in found if may_post(agent, one.url)]


def _passing(to: _Addresses, kind: str, rows: Iterable[Agent] | Iterable[Team]) -> list[Action]:
    """Passing it to each of these; a colleague is also found by the badge number."""
    return [
        Action(
            f"pass:{kind}:{one.pk}",
            format_lazy(_("Pass on to {who}"), who=named(one.label)),
            "users" if kind == "team" else "user",
            also=format_lazy("{} {}", _("assign, transfer, team, colleague"), getattr(one, "badge", "")),
            url=to("transfers"),
            data={"to": f"{kind}:{one.pk}"},
        )
        for one in rows
    ]


def _raising(to: _Addresses, talk: Conversation) -> list[Action]:
    return [
        Action(
            f"priority:{level.value}",
            format_lazy(_("Raise the priority: {level}"), level=level.label),
            "flag",
            also=_("urgent, important, sooner"),
            url=to("hastening"),
            data={"priority": str(level.value)},
        )
        for level in (Priority.URGENT, Priority.HIGH)
        if level > talk.priority
    ]


def _ticking(to: _Addresses, one: Item) -> Action:
    label = format_lazy(_("Tick “{item}”"), item=named(one.label))
    return Action(f"tick:{one.key}", label, "check", also=_("checklist, done"), url=to("checklist"), data={"tick": one.key})


def _linking(to: _Addresses, one: Incident, *, linked: bool) -> Action:
    label = _("Take it out of the incident {title}") if linked else _("Link to the incident {title}")
    data = {"incident": "" if linked else one.slug}
    return Action(f"incident:{one.slug}", format_lazy(label, title=named(one.title)), "alert", url=to("linking"), data=data)


def named(name: Callable[[str], str]) -> Any:
    """A name that has its own words in each language, as late as the labels around it."""
    return lazy(lambda: name(get_language() or "en"), str)()
