"""The starter content is whole: both languages, questions, links that lead somewhere, flows that can be walked."""

import re
import tomllib
from pathlib import Path

import pytest

CONTENT = Path(__file__).parents[1] / "content"
ARTICLES = sorted((CONTENT / "articles").glob("*/*.md"))
LANGUAGES = {"zh-hans", "en"}


def read(path):
    _, front, body = path.read_text("utf-8").split("+++", 2)
    return tomllib.loads(front), body


SLUGS = {path.stem.rpartition(".")[0] for path in ARTICLES}
TOPICS = {topic["slug"] for topic in tomllib.loads((CONTENT / "topics.toml").read_text("utf-8"))["topic"]}


@pytest.mark.parametrize("path", ARTICLES, ids=lambda p: p.name)
def test_an_article_is_whole(path):
    meta, body = read(path)
    slug, _, language = path.stem.rpartition(".")
    assert {p.name for p in path.parent.glob(f"{slug}.*.md")} == {f"{slug}.{code}.md" for code in LANGUAGES}
    assert language in LANGUAGES and path.parent.name in TOPICS and meta.get("subtopic", "api") in TOPICS
    assert len(meta["questions"]) >= 6 and len(meta["summary"]) <= 500 and len(body) > 300
    assert set(meta["related"]) <= SLUGS
    for kind, name in re.findall(r"\]\((article|topic|page):([\w-]+)\)", body):
        assert (
            name in {"article": SLUGS, "topic": TOPICS, "page": {"verify", "contact", "status", "chat", "announcements", "glossary"}}[kind]
        ), name


@pytest.mark.parametrize("path", sorted((CONTENT / "flows").glob("*.toml")), ids=lambda p: p.name)
def test_a_flow_can_be_walked_in_both_languages(path):
    flow = tomllib.loads(path.read_text("utf-8"))
    assert flow["topic"] == path.stem and flow["topic"] in TOPICS and set(flow.get("advice", [])) <= SLUGS
    fields = set()
    for step in flow["step"]:
        assert set(step["ask"]) >= LANGUAGES and set(step["help"]) >= LANGUAGES
        assert bool(step.get("choices")) == (step["type"] == "choice")
        if when := step.get("when"):
            assert when["field"] in fields
        fields.add(step["field"])
    assert all(set(flow[name]) >= LANGUAGES for name in ("title", "opening", "closing"))


def test_every_topic_has_its_names_and_its_fields_are_typed():
    kinds = set("text longtext txid address amount coin network order uid email choice datetime code url pair version".split())
    for topic in tomllib.loads((CONTENT / "topics.toml").read_text("utf-8"))["topic"]:
        assert set(topic["name"]) >= LANGUAGES
        assert {field["type"] for field in topic.get("field", [])} <= kinds


def test_importing_twice_changes_nothing_twice(db):
    from kefu.cli.content import load
    from kefu.knowledge.models import Article, Revision, Term

    load(CONTENT)
    before = (Article.objects.count(), Revision.objects.count(), Term.objects.count())
    assert "0 new or changed" in load(CONTENT)
    assert (Article.objects.count(), Revision.objects.count(), Term.objects.count()) == before


def test_prepared_replies_are_whole_and_loaded_once(db):
    from kefu.automation.macros import VARIABLE, unfilled
    from kefu.automation.models import Macro
    from kefu.cli.content import load

    load(CONTENT)
    macros = list(Macro.objects.filter(owner=None).order_by("pk"))
    assert len(macros) > 10
    for macro in macros:
        assert set(macro.texts) == LANGUAGES and all(len(text) > 40 for text in macro.texts.values()), macro.name
        holes = [{match[0] for match in VARIABLE.finditer(text)} for text in macro.texts.values()]
        assert holes[0] == holes[1] == set(unfilled(macro.texts["en"])), (macro.name, "the same variables in both, all of them known")
    changed, removed = macros[0], macros[1].pk
    changed.texts = {"en": "Ours"}
    changed.save()
    macros[1].delete()
    load(CONTENT)
    changed.refresh_from_db()
    assert changed.texts == {"en": "Ours"} and Macro.objects.count() == len(macros) - 1 and not Macro.objects.filter(pk=removed).exists()
