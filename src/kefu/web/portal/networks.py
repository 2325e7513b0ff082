"""POST /tickets/new/<topic>/networks/: which networks a coin has, and what holds on the one that was chosen."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.exchange import words
from kefu.exchange.network_table import Table, network_table
from kefu.topics.models import Topic, by_slug
from kefu.web.visitor import VisitorRequest, for_visitors

PREFIX = "f_"


@dataclass(frozen=True)
class Choices:
    """What the two boxes offer, and what is said below them: ``note`` about the chosen pair, ``warns`` where it needs care.

    ``coins`` and ``networks`` are values with what is said beside each.
    """

    coins: list[str]
    networks: list[tuple[str, str]]
    note: str = ""
    warns: list[str] | None = None


@require_POST
@for_visitors
def networks(request: VisitorRequest, topic: str) -> HttpResponse:
    """The note, and the list of networks for the coin, swapped into the form while it is filled in."""
    found = by_slug.first(topic)
    if found is None:
        raise Http404
    given = {kind: request.POST.get(name, "")[:80] for kind, name in named(found).items()}
    return render(request, "portal/networks.html", {"choices": choices(given.get("coin", ""), given.get("network", ""))})


def named(topic: Topic) -> dict[str, str]:
    """The form's names of the topic's coin and network; empty for what it does not ask."""
    return {field["type"]: PREFIX + field["name"] for field in topic.own_fields if field["type"] in {"coin", "network"}}


def choices(coin: str, network: str, table: Table | None = None) -> Choices | None:
    """What to offer for what was chosen so far; None where no exchange says it: the boxes then take any words."""
    table = table or network_table()
    if table is None:
        return None
    offered = [(one.network, words.network_facts(one) if table.knows(coin) else _coins_on(one.network, table)) for one in table.of(coin)]
    if not (coin and network):
        return Choices(table.coins, offered)
    row = table.find(coin, network)
    if row is not None:
        return Choices(table.coins, offered, words.network_facts(row), words.network_warnings(row))
    if table.knows(coin):
        warning = _(
            "We have no %(coin)s on this network. If it was sent there, do not send more; a specialist looks whether it can be found."
        )
        return Choices(table.coins, offered, "", [warning % {"coin": table.coin(coin)}])
    return Choices(
        table.coins, offered, "", [_("We do not list this coin under this name. Check it once more; you can send the form anyway.")]
    )


def _coins_on(network: str, table: Table) -> str:
    """Which coins go over a network, each with what is shut."""
    rows = [one for one in table.rows if one.network == network]
    return _(", ").join(f"{one.coin}: {state}" if (state := words.network_state(one)) else one.coin for one in rows)
