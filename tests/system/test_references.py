"""References without an index of their own are served by another one: nothing that follows one walks through a table."""

from django.apps import apps
from django.db import connection, models


def references():
    for model in apps.get_models():
        if model.__module__.startswith("kefu."):
            yield from ((model, field) for field in model._meta.local_fields if isinstance(field, models.ForeignKey))


def test_every_reference_is_the_beginning_of_an_index(db):
    unserved = []
    for model, field in references():
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
        if not any(one["columns"][:1] == [field.column] and (one["index"] or one["unique"]) for one in found):
            unserved.append(f"{model.__name__}.{field.name}")
    assert unserved == []


def test_what_the_models_do_without_is_gone_from_the_database(db):
    left = []
    for model, field in references():
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        known = {index.name for index in model._meta.indexes}
        plain = [name for name, one in found.items() if one["index"] and not one["unique"] and one["columns"] == [field.column]]
        if not field.db_index:
            left += [name for name in plain if name not in known]
    assert left == []
