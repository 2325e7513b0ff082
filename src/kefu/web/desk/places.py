"""The pages of the desk beside the inbox, as far as an agent may open them: the rail shows some, the palette all."""

from dataclasses import dataclass
from typing import Any

from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from kefu.people.models import Agent
from kefu.people.permissions import may


@dataclass(frozen=True)
class Place:
    """``label`` is lazy; ``also``: further words by which it is found; ``in_rail``: it stands at the foot of the rail."""

    name: str
    label: Any
    icon: str
    also: Any = ""
    in_rail: bool = True

    @property
    def url(self) -> str:
        return reverse(self.name)


PLACES = (
    Place("desk-macros", _("Macros"), "bolt", _("settings, templates")),
    Place("desk-incidents", _("Incidents"), "alert", _("outage, fault")),
    Place("desk-approvals", _("Approvals"), "shield", _("second person, four eyes, agree")),
    Place("desk-reports", _("Reports"), "trade", _("figures, statistics")),
    Place("desk-reviews", _("Quality"), "star", _("reviews, score card")),
    Place("desk-rules", _("Rules"), "layers", _("settings, automation, triggers")),
    Place("desk-agents", _("Staff and teams"), "users", _("settings, colleagues, roles")),
    Place("desk-mailboxes", _("Mailboxes"), "at", _("settings, mail")),
    Place("desk-audit", _("Audit log"), "id", _("security, who did what")),
    Place("board", _("Board"), "chart", _("supervisor, live")),
    Place("studio", _("Studio"), "pen", _("articles, editor")),
    Place("desk-sign-in-rules", _("Signing in"), "key", _("settings, second factor, passkeys"), in_rail=False),
    Place("desk-ticket-new", _("New ticket for a customer"), "ticket", _("create, open a case, on behalf"), in_rail=False),
    Place("desk-macro-new", _("New macro"), "plus", _("create, template"), in_rail=False),
    Place("desk-rule-new", _("New rule"), "plus", _("create, automation"), in_rail=False),
    Place("desk-incident-new", _("New incident"), "plus", _("create, outage"), in_rail=False),
    Place("desk-team-new", _("New team"), "plus", _("create"), in_rail=False),
    Place("desk-mailbox-new", _("New mailbox"), "plus", _("create, mail"), in_rail=False),
)


def places(agent: Agent) -> list[Place]:
    """Those whose addresses take an act that the agent's role has."""
    return [one for one in PLACES if may(agent, resolve(one.url).func.act)]  # type: ignore[attr-defined]
