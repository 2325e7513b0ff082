"""Habits that linters cannot check."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "kefu"
FILES = [f for f in SRC.rglob("*.py") if "migrations" not in f.parts]
VAGUE = {"utils", "util", "helpers", "common", "misc", "manager", "base", "core", "lib", "services"}


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_files_are_small_named_and_introduced(file):
    source = file.read_text("utf-8")
    assert file.stem not in VAGUE
    assert len(source.splitlines()) <= 300
    tree = ast.parse(source)
    if tree.body and file.name not in {"__init__.py", "apps.py", "urls.py"}:
        assert ast.get_docstring(tree), "the first line says what the room is for"


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(SRC)))
def test_functions_fit_on_a_screen(file):
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name


def makers_of(model):
    """The files that store new rows of a model, by Django or by a prepared statement."""
    stores = re.compile(
        rf"\b{model}\.objects\.(?:create|bulk_create|get_or_create|update_or_create)\b|\binsert(?:_all|_new)?\((?:\w+ := )?\[?{model}\("
    )
    return [f.name for f in FILES if stores.search(f.read_text("utf-8"))]


def test_only_record_creates_events():
    assert makers_of("Event") == ["events.py"]


def test_only_the_timeline_numbers_messages():
    assert makers_of("Message") == ["timeline.py"]


def test_every_reaction_names_a_real_event_and_every_planned_job_exists():
    from kefu.conversations.models import EventKind
    from kefu.wiring import JOBS, REACTIONS, SCHEDULE

    assert set(REACTIONS) <= set(EventKind)
    assert set(SCHEDULE) <= set(JOBS.local) | set(JOBS.network)


def test_every_text_of_the_interface_is_translated():
    from kefu.cli.messages import collect, translations_beside

    chinese = translations_beside()
    missing = [
        m for m in collect() if not chinese.get(m if isinstance(m, str) else m[0]) and not (isinstance(m, tuple) and chinese.get(m[1]))
    ]
    assert not missing


def test_chinese_texts_use_full_width_punctuation():
    from kefu.cli.punctuation import check

    assert not list(check(ROOT))


def test_no_setting_is_read_outside_the_settings():
    readers = [f.name for f in FILES if "os.environ" in f.read_text("utf-8")]
    assert set(readers) <= {"environment.py", "main.py", "asgi.py", "test.py"}


def test_the_schema_is_what_the_models_say(db):
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_test_that_the_docs_name_is_there():
    pages = "".join(page.read_text("utf-8") for page in (ROOT / "docs").glob("*.md"))
    named = set(re.findall(r"(tests/[\w/]+\.py)(?:::(\w+))?", pages))
    gone = [(file, name) for file, name in named if not (ROOT / file).exists() or f"def {name}" not in (ROOT / file).read_text("utf-8")]
    assert named and not gone
