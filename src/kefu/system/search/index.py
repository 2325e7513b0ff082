"""Full text in any language over numbered texts that belong to places: the tokens are ours, the index is the database's.

FTS5 and tsvector split words at spaces and know no Chinese; so both are given tokens that ``kefu.text.tokens`` made
(stems, single characters and pairs), joined by spaces, and are asked for the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from kefu.system import bulk
from kefu.system.prepared import Statement, database
from kefu.text.tokens import words

LONGEST = 20_000  # characters of a text that are indexed
# PostgreSQL guesses badly how often words occur together, and then walks through a year of texts. So it is asked twice:
# common words are found among the newest texts, which are simply read; what is not there is rare, and the index has it.
WINDOW = 60_000
AMONG_NEWEST = (
    "SELECT place FROM (SELECT id, place, tokens FROM search_text ORDER BY id DESC LIMIT %s) newest "
    "WHERE tokens @@ %s::tsquery ORDER BY id DESC LIMIT %s"
)
AMONG_ALL = (
    "WITH hits AS MATERIALIZED (SELECT id, place FROM search_text WHERE tokens @@ %s::tsquery) "
    "SELECT place FROM hits ORDER BY id DESC LIMIT %s"
)
PUT = {
    "postgresql": Statement(
        "INSERT INTO search_text (id, tokens, place) VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')), %s) "
        "ON CONFLICT (id) DO UPDATE SET tokens = excluded.tokens, place = excluded.place"
    ),
    "sqlite": Statement("INSERT OR REPLACE INTO search_text (rowid, tokens, place) VALUES (%s, %s, %s)"),
}
LONGEST_TOKEN = 128  # characters: PostgreSQL takes no word above 2,047 bytes, and nobody searches for one
MOST_TOKENS = 12  # of a query


@dataclass(frozen=True)
class Entry:
    """A text with its own id; ``place`` is what a search answers with."""

    id: int
    place: int
    text: str


def put(entries: Iterable[Entry]) -> None:
    """Index texts, in the caller's transaction; one with the same id is replaced."""
    rows = [(entry.id, " ".join(_tokens(entry.text)), entry.place) for entry in entries]
    if not rows:
        return
    if connection.vendor == "postgresql":
        rows = [(pk, " ".join(dict.fromkeys(tokens.split())), place) for pk, tokens, place in rows]
    db = database()
    for row in rows:  # nearly always one
        PUT[db.vendor].run(db, row)


def put_new(entries: Iterable[Entry]) -> None:
    """Index very many texts whose ids are new, in the caller's transaction."""
    rows = ((entry.id, " ".join(_tokens(entry.text)), entry.place) for entry in entries)
    if connection.vendor == "postgresql":  # words of letters and digits are a tsvector as they stand
        bulk.insert("search_text", ("id", "tokens", "place"), rows)
    else:
        with connection.cursor() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO search_text (rowid, tokens, place) VALUES (%s, %s, %s)", list(rows))


def remove(ids: Sequence[int]) -> None:
    """Forget texts."""
    column = "id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM search_text WHERE {column} = %s", [(pk,) for pk in ids])  # noqa: S608 - one of two


def find(query: str, *, limit: int = 200) -> list[int]:
    """The places of the newest texts (highest ids) that hold every word of the query, newest first, each once.

    ``limit`` bounds the texts that are looked at. Empty for a query without words.
    """
    tokens = query_tokens(query)
    if not tokens:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted = " & ".join("'" + token.replace("\\", "\\\\").replace("'", "''") + "'" for token in tokens)
            cursor.execute(AMONG_NEWEST, [WINDOW, wanted, limit])
            found = cursor.fetchall()
            if len(found) < limit:
                cursor.execute(AMONG_ALL, [wanted, limit])
                found = cursor.fetchall()
        else:
            wanted = " ".join('"' + token.replace('"', '""') + '"' for token in tokens)
            cursor.execute("SELECT place FROM search_text WHERE tokens MATCH %s ORDER BY rowid DESC LIMIT %s", [wanted, limit])
            found = cursor.fetchall()
        return list(dict.fromkeys(place for (place,) in found))


def query_tokens(query: str) -> list[str]:
    """The tokens that all must be there; a Chinese character that is part of a pair is asked for by its pair alone."""
    found = [token for token in _tokens(query) if token]
    pairs = {c for token in found if len(token) == 2 and not token.isascii() for c in token}
    kept = [token for token in found if not (len(token) == 1 and token in pairs)]
    return list(dict.fromkeys(kept))[:MOST_TOKENS]


def _tokens(text: str) -> list[str]:
    """Tokens as the index keeps them: without signs inside that a database would split at."""
    found = words(text[:LONGEST].replace("\x00", ""))
    return ["".join(c if c.isalnum() else "x" for c in token[:LONGEST_TOKEN]) for token in found]
