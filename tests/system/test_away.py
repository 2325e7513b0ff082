"""A database that does not answer is told from one that refuses a statement, and nobody loses what they typed."""

import sqlite3
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection

from kefu.conversations.models import Message
from kefu.system.away import is_away


def raised(kind, state=None, name="OperationalError"):
    """What Django raises for an error of psycopg with this SQLSTATE."""
    error = kind("gone")
    error.__cause__ = type(name, (Exception,), {"sqlstate": state})()
    return error


def test_only_a_lost_connection_counts():
    outer = RuntimeError()
    outer.__context__ = raised(OperationalError, "57P01")
    locked = OperationalError("database is locked")
    locked.__cause__ = sqlite3.OperationalError("database is locked")
    gone = (
        raised(OperationalError),
        raised(InterfaceError),
        raised(OperationalError, None, "PoolTimeout"),
        raised(OperationalError, "08006"),
        outer,
    )
    assert all(map(is_away, gone))
    assert not any(
        map(is_away, (None, locked, raised(OperationalError, "40P01"), raised(IntegrityError), OperationalError("bare"), ValueError()))
    )


@contextmanager
def no_database():
    def refuse(execute, sql, params, many, context):
        if sql.startswith("INSERT"):
            raise raised(OperationalError)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.django_db
def test_an_agent_gets_the_words_back_with_a_script_and_without(agent, talk, signed_in):
    client = signed_in(agent)
    client.raise_request_exception = False
    client.cookies["kefu_language"] = "en"
    typed = {"text": "Nobody types this twice."}
    with no_database():
        by_script = client.post(f"/desk/{talk.uid}/replies/", typed, headers={"X-Requested-With": "fetch"})
        by_form = client.post(f"/desk/{talk.uid}/replies/", typed, headers={"Origin": "http://testserver"})
    assert by_script.status_code == by_form.status_code == 503 and by_form["Retry-After"] == "5"
    assert "still stands here" in by_script.content.decode() and typed["text"] in by_form.content.decode()
    assert not Message.objects.filter(kind="agent").exists()
