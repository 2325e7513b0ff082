"""Statements that are compiled once, for the few that run with every message.

Django makes the SQL of a query anew each time it runs; for a row as wide as a conversation that costs ten times what the
database needs for the answer. What is written here is still the ORM's own SQL, converters and models: made once, kept, and
run with other values.
"""

from kefu.system.prepared.changes import Changes
from kefu.system.prepared.counts import Counts, count
from kefu.system.prepared.fetch import Fetch
from kefu.system.prepared.insert import insert, insert_all, insert_new
from kefu.system.prepared.statement import Statement, database
from kefu.system.prepared.update import Update
from kefu.system.prepared.values import Values

__all__ = ["Changes", "Counts", "Fetch", "Statement", "Update", "Values", "count", "database", "insert", "insert_all", "insert_new"]
