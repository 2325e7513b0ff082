"""The suite's own trap: rows that nobody ordered come backwards, ordered ones as asked."""

import pytest
from django.db import connection

from kefu.people.models import Team


@pytest.mark.django_db
def test_only_who_asks_for_an_order_gets_one():
    made = [Team.objects.create(slug=slug, name=slug).pk for slug in ("a", "b", "c")]
    with connection.cursor() as cursor:
        cursor.execute(str(Team.objects.values("pk").query))
        as_it_lies = [pk for (pk,) in cursor.fetchall()]
    assert [team.pk for team in Team.objects.all()] == as_it_lies[::-1]
    assert [team.pk for team in Team.objects.order_by("pk")] == made
