"""The table of the full text: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL."""

from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE search_text USING fts5(tokens, place UNINDEXED, tokenize = 'unicode61 remove_diacritics 0')"
POSTGRESQL = (
    "CREATE TABLE search_text (id bigint PRIMARY KEY, place bigint NOT NULL, tokens tsvector NOT NULL)",
    "CREATE INDEX search_text_tokens ON search_text USING gin (tokens) WITH (fastupdate = on)",
    "CREATE INDEX search_text_place ON search_text (place)",
)


def make(apps, schema_editor):
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else (SQLITE,)
    for statement in statements:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_text")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(make, drop)]
