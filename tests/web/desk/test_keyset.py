"""Pages by position: nothing twice, nothing skipped, whatever stands in the address."""

import random
from datetime import timedelta

import pytest
from django.utils.timezone import now

from kefu.conversations.models import Conversation
from kefu.people.models import Customer
from kefu.web.desk.keyset import after, position

ORDERS = (("-last_message_at", "-pk"), ("-priority", "-tier", "last_message_at", "pk"))


@pytest.fixture
def rows(db):
    rng, at = random.Random(7), now()
    customer = Customer.objects.create()
    for _ in range(60):
        moment = at - timedelta(minutes=rng.randrange(5))  # many at the same moment
        Conversation.objects.create(
            customer=customer, channel="form", priority=rng.randrange(1, 4), tier=rng.randrange(2), last_message_at=moment
        )
    return Conversation.objects.all()


@pytest.mark.parametrize("order", ORDERS)
def test_all_pages_are_the_whole_in_its_order(rows, order):
    seen, place = [], ""
    while part := list(after(rows, order, place)[:7]):
        seen += [one.pk for one in part]
        place = position(part[-1], order)
    assert seen == list(rows.order_by(*order).values_list("pk", flat=True))


@pytest.mark.parametrize("given", ["", "x", "!!", "W10", "WzFd", "bnVsbA", "A" * 500, "WyJ4IiwgMV0", "WzFlOTk5LCAxXQ", "W251bGwsIDFd"])
def test_a_position_that_nobody_gave_out_is_the_beginning(rows, given):
    assert after(rows, ORDERS[0], given)[0].pk == rows.order_by(*ORDERS[0])[0].pk


def test_the_second_page_of_the_inbox(rows, signed_in, agent):
    client = signed_in(agent)
    first = client.get("/desk/?view=open")
    assert len(first.context["lines"]) == 50
    second = client.get(f"/desk/?view=open&after={first.context['older']}")
    assert len(second.context["lines"]) == 10
    assert not set(first.context["lines"]) & set(second.context["lines"])
