"""The command palette: what can be done with the open conversation and everywhere, and where one can go."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kefu.approvals.kinds import needed
from kefu.automation.macros import fill, macros_of
from kefu.conversations.models import Conversation, Tag
from kefu.conversations.tags import normal
from kefu.knowledge.links import resolve
from kefu.knowledge.search import suggestions
from kefu.people.models import Agent, Team
from kefu.people.permissions import may
from kefu.text import numbering
from kefu.web.desk.actions import HEAD, Action, actions_of, further, may_post, with_text
from kefu.web.desk.find import by_number, open_to, read_uid
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.places import places
from kefu.web.desk.search import NAMED, find
from kefu.web.desk.thread import others_at_work
from kefu.web.desk.views import VIEWS

RECENT = 5  # of what was done last, shown before anything is typed
SHOWN = 8  # of each kind
MACROS = 6


@require_safe
@for_agents("desk.read")
def palette(request: AgentRequest) -> HttpResponse:
    """``q``: what was typed; ``talk``: the uid of the open conversation; ``recent``: names of what was done last, in order."""
    query, agent = request.GET.get("q", "").strip()[:100], request.agent
    uid = read_uid(request.GET.get("talk", ""))
    talk, guest = open_to(agent, uid=uid) if uid else (None, False)
    recent = request.GET.get("recent", "")[:600].split()
    here = _here(agent, talk, guest, query) if talk else []
    shown = _chosen(here, query, recent)
    anywhere = global_actions(agent)
    groups: list[tuple[str, list[Action]]] = []
    if query:
        groups += [(_("This conversation"), shown[:SHOWN]), (_("Everywhere"), _chosen(anywhere, query, recent)[:SHOWN])]
    else:
        last = [one for name in recent for one in (*here, *anywhere) if one.name == name][:RECENT]
        groups += [(_("Recent"), last), (_("This conversation"), [one for one in shown if one not in last])]
    if talk and not guest and may(agent, "desk.answer"):
        groups.insert(1, (_("Macros"), _macros(agent, talk, query)))
    groups += [(_("Views"), _views(query)), (_("Conversations"), _talks(agent, query)), (_("Articles"), _articles(query))]
    return render(request, "desk/palette.html", {"groups": [(title, rows) for title, rows in groups if rows], "query": query})


def _here(agent: Agent, talk: Conversation, guest: bool, query: str) -> list[Action]:
    """Everything that can be done with the open conversation."""
    follows = talk.followers.filter(pk=agent.pk).exists()
    found = actions_of(agent, talk, guest=guest, follows=follows)
    if not may(agent, "desk.answer"):
        return found
    writing = [
        Action("note", gettext_lazy("Write a note"), "note", group=1, also=gettext_lazy("internal, colleagues"), key="n", press="key:n")
    ]
    if guest:
        return [*found, *writing]
    writing.insert(0, Action("reply", gettext_lazy("Write an answer"), "send", group=1, also=gettext_lazy("reply"), key="r", press="key:r"))
    writing.append(
        Action("macro", gettext_lazy("Choose a macro"), "bolt", group=1, also=gettext_lazy("template"), key=";", dialog="choose-macro")
    )
    writing.append(Action("article", gettext_lazy("Insert an article"), "book", group=1, key="a", dialog="insert-article"))
    if not talk.is_over and needed("refund"):
        also = gettext_lazy("second person, approval, four eyes")
        writing.append(
            Action("refund", gettext_lazy("Send what promises a refund to a second person…"), "shield", group=1, also=also, dialog="refund")
        )
    if talk.bin:
        writing = []
    look = Action(
        "account", gettext_lazy("Look up the account"), "search", group=1, also=gettext_lazy("assets, balance"), press="#account button"
    )
    found = [*found, *writing, look, *further(agent, talk, colleagues=others_at_work(agent), teams=Team.objects.order_by("slug"))]
    tags = _tags(talk, query)
    return [*found, *with_text(agent, talk, tags=tags, other=by_number(agent, query))]


def _tags(talk: Conversation, query: str) -> list[str]:
    """Tags that begin with the last word that was typed, and that are not there yet."""
    begun = normal(query.split()[-1]) if query else ""
    if not begun:
        return []
    known = Tag.objects.filter(name__startswith=begun).exclude(conversation=talk).order_by("name")
    return list(known.values_list("name", flat=True)[:MACROS])


def global_actions(agent: Agent) -> list[Action]:
    """What can be done from every page of the desk: it presses what stands in the agent's own menu."""
    rows = [
        Action(f"presence:{value}", label, "pulse", also=gettext_lazy("presence, status, at work"),
               url=reverse("desk-presence"), press=f"#me-menu [name=presence][value={value}]")
        for value, label in Agent.Presence.choices
        if value != agent.presence
    ]  # fmt: skip
    rows.append(
        Action("automatic", gettext_lazy("Stop giving me talks automatically") if agent.takes_automatically else gettext_lazy("Give me talks automatically"),
               "bolt", url=reverse("desk-presence"), press="#me-menu [name=automatic]")
    )  # fmt: skip
    found = [one for one in rows if may_post(agent, one.url)]
    themes = (
        ("light", gettext_lazy("Light"), "sun"),
        ("dark", gettext_lazy("Dark"), "moon"),
        ("system", gettext_lazy("Like the system"), "contrast"),
    )
    found += [
        Action(f"theme:{value}", format_lazy("{}{}{}", gettext_lazy("Theme"), gettext_lazy(": "), label), icon,
               also=gettext_lazy("colours, appearance"), press=f"#me-menu [data-theme-form] [value={value}]")
        for value, label, icon in themes
    ]  # fmt: skip
    found += [
        Action(f"language:{code}", format_lazy("{}{}{}", gettext_lazy("Language"), gettext_lazy(": "), label), "lang",
               press=f"#me-menu [name=language][value={code}]")
        for code, label in settings.LANGUAGES
        if code != get_language()
    ]  # fmt: skip
    found += [Action(f"page:{one.name}", one.label, one.icon, also=one.also, href=one.url) for one in places(agent)]
    found.append(Action("keys", gettext_lazy("Keyboard"), "key", also=gettext_lazy("shortcuts, help"), press="key:?"))
    found.append(
        Action("out", gettext_lazy("Sign out"), "out", also=gettext_lazy("log out, leave"), press="#me-menu [data-forget-drafts] button")
    )
    return found


def words_of(actions: Sequence[Action]) -> list[str]:
    """Everything by which each is found: its words in every language of the desk, so that any of them can be typed."""
    found: list[list[str]] = [[] for _one in actions]
    for code, _label in settings.LANGUAGES:
        with override(code):
            for parts, one in zip(found, actions, strict=True):
                parts += [str(one.label), str(one.full), str(one.also)]
    return [" ".join(parts).casefold() for parts in found]


def _fitting(actions: Sequence[Action], query: str) -> list[Action]:
    """Those that have all the words typed."""
    wanted = query.casefold().split()
    return [one for one, words in zip(actions, words_of(actions), strict=True) if all(word in words for word in wanted)]


def _chosen(actions: Sequence[Action], query: str, recent: list[str]) -> list[Action]:
    """Those that fit: what was done lately first, then what begins with what was typed, then what says it in its name.
    Without words, what stands in a menu."""
    if not query:
        return [one for one in actions if one.group >= HEAD]
    last = {name: place for place, name in enumerate(recent)}
    typed = query.casefold()

    def rank(one: Action) -> tuple[int, bool, bool]:
        shown = str(one.full or one.label).casefold()
        return last.get(one.name, len(last)), not shown.startswith(typed), typed not in shown

    return sorted(_fitting(actions, query), key=rank)


def _macros(agent: Agent, talk: Conversation, query: str) -> list[Action]:
    """Macros whose names have the words, filled for this conversation."""
    if not query or talk.is_over:
        return []
    rows = macros_of(agent, query)[:MACROS]
    return [Action(f"macro:{one.pk}", one.name, "bolt", insert=fill(one, talk, agent=agent), macro=one.pk) for one in rows]


def _views(query: str) -> list[Action]:
    rows = [Action(f"view:{one.slug}", one.label, one.icon, href=f"{reverse('desk')}?view={one.slug}") for one in VIEWS]
    return _fitting(rows, query)


def _talks(agent: Agent, query: str) -> list[Action]:
    """Conversations by number, or by what was said in them."""
    if numbering.read(query):
        one = by_number(agent, query, let_in=True)
        rows = [one] if one else []
    elif len(query) > 1 and not NAMED.search(query):
        rows = list(find(agent, query).order_by("-last_message_at", "-pk")[:5])
    else:
        return []
    return [
        Action(
            f"talk:{one.pk}", one.subject or one.number, "chat", href=reverse("desk-conversation", args=[one.uid]), aside=one.number or ""
        )
        for one in rows
    ]


def _articles(query: str) -> list[Action]:
    found: list[Any] = suggestions(query, language=get_language() or "en", limit=4) if len(query) > 1 else []
    return [
        Action(f"article:{f.entry.slug}", f.entry.title, "file", href=resolve(f"article:{f.entry.slug}", f.entry.language)) for f in found
    ]
