"""Statements that are compiled once give and store what Django's own would."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils.timezone import now

from kefu.conversations.models import Conversation, Event, Message, lock_of, locked
from kefu.environment import PREPARED_FROM, database
from kefu.people.models import Customer, Identity
from kefu.system.prepared import Counts, Fetch, Statement, Update, Values, count, insert, insert_all, insert_new


@pytest.fixture
def talk(db):
    customer = Customer.objects.create(name="Ann")
    Identity.objects.create(customer=customer, kind="browser", address="b1")
    return Conversation.objects.create(
        customer=customer, channel="webchat", subject="Where is it?", fields={"coin": "USDT", "more": ["a", 1]}, signals=["money"]
    )


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_row_is_read_as_django_reads_it(talk):
    with transaction.atomic():
        found = lock_of(talk.uid, talk.customer_id)
    assert values(found) == values(Conversation.objects.get(pk=talk.pk))
    with transaction.atomic():
        assert lock_of(uuid4(), talk.customer_id) is None and lock_of(talk.uid, talk.customer_id + 1) is None


def test_what_is_joined_comes_along(talk, django_assert_num_queries):
    fetch = Fetch(
        lambda kind, address: Identity.objects.filter(kind=kind, address=address).select_related("customer"),
        Identity._meta.get_field("kind"),
        Identity._meta.get_field("address"),
    )
    for _again in range(2):
        with django_assert_num_queries(1):
            assert fetch.first("browser", "b1").customer.name == "Ann"
    assert fetch.all("browser", "nobody") == [] and fetch.first("email", "b1") is None


def test_an_injected_quote_is_a_value(talk):
    fetch = Fetch(lambda subject: Conversation.objects.filter(subject=subject), Conversation._meta.get_field("subject"))
    assert fetch.first("' OR 1=1 --") is None and fetch.first("%s") is None and fetch.first("Where is it?") == talk


def test_a_value_that_is_no_parameter_is_refused(talk):
    fetch = Fetch(lambda subject: Conversation.objects.all(), Conversation._meta.get_field("subject"))
    with pytest.raises(ValueError, match="not a parameter"):
        fetch.first("x")


def test_a_new_row_is_stored_as_django_stores_it(talk):
    made = insert(Event(conversation=talk, kind="message.received", data={"n": 1, "words": "„“"}))
    assert made.pk and not made._state.adding and values(Event.objects.get(pk=made.pk)) == values(made)


def test_a_uniqueness_that_is_violated_is_said_as_ever(talk):
    insert(Message(conversation=talk, seq=1, kind="customer", body="x"))
    with pytest.raises(DatabaseError), transaction.atomic():
        insert(Message(conversation=talk, seq=1, kind="customer", body="y"))


def test_only_what_changed_is_written(talk):
    with locked(talk) as mine:
        Conversation.objects.filter(pk=talk.pk).update(subject="changed by another statement")
        mine.fields["coin"] = "BTC"  # in place
        mine.signals = ["money", "fraud"]
        mine.last_seq += 1
        mine.save()
    talk.refresh_from_db()
    assert (talk.fields["coin"], talk.signals, talk.last_seq) == ("BTC", ["money", "fraud"], 1)
    assert talk.subject == "changed by another statement"


def test_nothing_changed_is_no_statement(talk, django_assert_num_queries):
    with locked(talk) as mine, django_assert_num_queries(0):
        mine.save()


def test_there_and_back_is_where_it_began(talk):
    with locked(talk) as mine:
        mine.subject = "other"
        mine.save()
        mine.subject = "Where is it?"
        mine.save()
    talk.refresh_from_db()
    assert talk.subject == "Where is it?"


def test_what_a_part_of_the_transaction_lost_is_written_again(talk):
    with locked(talk) as mine:
        mine.subject = "kept?"
        with pytest.raises(RuntimeError), transaction.atomic():
            mine.save()
            raise RuntimeError
        mine.save()
    talk.refresh_from_db()
    assert talk.subject == "kept?"


def test_after_a_fresh_look_the_fresh_row_counts(talk):
    with locked(talk) as mine:
        mine.subject = "mine"
        Conversation.objects.filter(pk=talk.pk).update(subject="theirs")
        mine.refresh_from_db()
        mine.subject = "Where is it?"
        mine.save()
    talk.refresh_from_db()
    assert talk.subject == "Where is it?"


def test_a_row_that_is_gone_is_said(talk):
    with locked(talk) as mine:
        Conversation.objects.filter(pk=talk.pk).delete()
        mine.subject = "x"
        with pytest.raises(DatabaseError):
            mine.save()


def test_columns_are_read_as_django_reads_them(talk, django_assert_num_queries):
    insert(Event(conversation=talk, kind="message.received", data={"n": [1, "„“"]}))
    happened = Values(
        lambda conversation, since: Event.objects.filter(conversation=conversation, created__gte=since).values_list(
            "kind", "data", "created"
        ),
        Event._meta.get_field("conversation"),
        Event._meta.get_field("created"),
    )
    before = now() - timedelta(minutes=1)
    for _again in range(2):
        with django_assert_num_queries(1):
            found = happened.all(talk.pk, before)
        assert found == list(Event.objects.values_list("kind", "data", "created"))
    assert happened.first(talk.pk, now() + timedelta(minutes=1)) is None


def test_rows_of_a_prepared_change_are_changed_and_no_others(talk):
    other = Conversation.objects.create(customer=talk.customer, channel="form", subject="Another")
    rename = Update(
        lambda pk, channel: Conversation.objects.filter(pk=pk, channel=channel),
        Conversation._meta.get_field("id"),
        Conversation._meta.get_field("channel"),
        changed=("subject", "waiting_since"),
    )
    at = now()
    assert rename.run({"subject": "It's here: %s", "waiting_since": at}, talk.pk, "webchat") == 1
    assert rename.run({"subject": "x", "waiting_since": at}, talk.pk, "email") == 0
    talk.refresh_from_db()
    other.refresh_from_db()
    assert (talk.subject, talk.waiting_since, other.subject) == ("It's here: %s", at, "Another")


def test_several_new_rows_are_stored_in_one_statement(talk, django_assert_num_queries):
    events = [Event(conversation=talk, kind="message.said", data={"n": n}) for n in range(3)]
    with django_assert_num_queries(1):
        insert_all(events)
    assert [Event.objects.get(pk=event.pk).data["n"] for event in events] == [0, 1, 2]


def test_a_row_that_is_there_already_is_not_stored_again(talk):
    assert insert_new(Identity(customer=talk.customer, kind="email", address="a@mail.example"))
    again = Identity(customer=talk.customer, kind="email", address="a@mail.example")
    assert not insert_new(again) and again.pk is None and Identity.objects.filter(kind="email").count() == 1


def test_counts_are_those_of_the_querysets_up_to_the_most(talk, django_assert_num_queries):
    for n in range(3):
        Conversation.objects.create(customer=talk.customer, channel="form", subject=str(n))
    counts = Counts(
        lambda customer, at: {
            "theirs": Conversation.objects.filter(customer=customer),
            "by form": Conversation.objects.filter(customer=customer, channel="form", created__lte=at),
            "nobody's": Conversation.objects.filter(pk__in=[]),
        },
        Conversation._meta.get_field("customer"),
        Conversation._meta.get_field("created"),
        most=3,
    )
    assert counts.run(talk.customer_id, now()) == {"theirs": 3, "by form": 3, "nobody's": 0}
    with django_assert_num_queries(1):
        assert counts.run(talk.customer_id, now() - timedelta(days=1)) == {"theirs": 3, "by form": 0, "nobody's": 0}
    assert counts.run(talk.customer_id + 1, now()) == {"theirs": 0, "by form": 0, "nobody's": 0}
    assert count({"one": Conversation.objects.filter(channel="webchat"), "none": Conversation.objects.none()}, most=3) == {
        "one": 1,
        "none": 0,
    }


KEPT = """SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%% FROM "people_identity" WHERE "people_identity"."address" = $1'"""


def plans_kept() -> int:
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [])
        return cursor.fetchone()[0]


def postgresql_only():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its statements by itself")


def test_what_comes_again_and_again_is_planned_once(talk):
    postgresql_only()
    fetch = Fetch(lambda address: Identity.objects.filter(address=address), Identity._meta.get_field("address"))
    for _again in range(PREPARED_FROM + 1):
        assert fetch.first("b1").kind == "browser" and fetch.first("b2") is None
    assert plans_kept() == 1


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_no_plan_is_kept_that_nothing_would_forget():
    postgresql_only()
    fetch = Fetch(lambda address: Identity.objects.filter(address=address), Identity._meta.get_field("address"))
    for _again in range(PREPARED_FROM + 1):
        assert fetch.first("b1") is None
    assert plans_kept() == 0


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_a_migration_made_wrong_fails_once():
    postgresql_only()
    read = Statement("SELECT word FROM kept_plan WHERE id = %s")
    elsewhere = connection.copy("default")
    try:
        with elsewhere.cursor() as cursor:
            cursor.execute("CREATE TABLE kept_plan (id int, word varchar(3)); INSERT INTO kept_plan VALUES (1, 'old')")
        for _again in range(PREPARED_FROM + 1):
            with transaction.atomic():
                assert read.run(connections["default"], [1])[0] == [("old",)]
        with elsewhere.cursor() as cursor:
            cursor.execute("ALTER TABLE kept_plan ALTER COLUMN word TYPE varchar(5); UPDATE kept_plan SET word = 'newer'")
        with pytest.raises(DatabaseError), transaction.atomic():
            read.run(connections["default"], [1])
        with transaction.atomic():
            assert read.run(connections["default"], [1])[0] == [("newer",)]
    finally:
        with elsewhere.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS kept_plan")
        elsewhere.close()


def test_the_address_of_the_database_says_whether_plans_are_kept(monkeypatch, tmp_path):
    def threshold(options):
        monkeypatch.setenv("DATABASE", f"postgres://db/kefu{options}")
        return database("DATABASE", tmp_path)["OPTIONS"]["prepare_threshold"]

    assert (threshold(""), threshold("?prepare=1&pool=4"), threshold("?prepare=0")) == (PREPARED_FROM, PREPARED_FROM, None)
