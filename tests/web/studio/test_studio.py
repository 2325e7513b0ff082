"""The editor's studio: drafts, publication, revisions, who may what."""

import pytest
from django.urls import reverse

from kefu.knowledge.models import Article, Translation

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(article):
    return Translation.objects.get(article=article, language="en")


def form(**values):
    return {"title": "New title", "summary": "Short answer.", "body": "Body", "questions": "one\n\ntwo", **values}


@pytest.mark.parametrize(
    ("role", "reads", "publishes"), [("editor", 1, 1), ("administrator", 1, 1), ("supervisor", 1, 0), ("auditor", 1, 0), ("agent", 0, 0)]
)
def test_what_each_role_may_do(role, reads, publishes, make_agent, signed_in, text):
    client = signed_in(make_agent("x", role=role))
    assert (client.get(reverse("studio")).status_code == 200) == bool(reads)
    answer = client.post(reverse("studio-article", args=[text.pk]), form(act="publish"))
    text.refresh_from_db()
    assert (text.title == "New title") == bool(publishes)
    assert answer.status_code == (302 if publishes else 403)


def test_a_draft_is_not_shown_and_publishing_shows_it(make_agent, signed_in, text, client):
    editor = signed_in(make_agent("ed", role="editor"))
    page = reverse("studio-article", args=[text.pk])
    editor.post(page, form(act="save"))
    assert "New title" not in client.get("/en/articles/late-deposit/").content.decode()
    assert "New title" in editor.get(page).content.decode()
    editor.post(page, form(act="publish"))
    assert "New title" in client.get("/en/articles/late-deposit/").content.decode()
    text.refresh_from_db()
    assert text.questions == ["one", "two"] and text.revisions.count() == 2


def test_bad_input_keeps_what_was_typed(make_agent, signed_in, text):
    editor = signed_in(make_agent("ed", role="editor"))
    answer = editor.post(reverse("studio-article", args=[text.pk]), form(title="", body="only this"))
    assert answer.status_code == 422 and "only this" in answer.content.decode()


def test_a_real_secret_is_not_published(make_agent, signed_in, text):
    editor = signed_in(make_agent("ed", role="editor"))
    body = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert editor.post(reverse("studio-article", args=[text.pk]), form(body=body, act="publish")).status_code == 422


def test_an_old_revision_can_be_compared_and_put_back(make_agent, signed_in, text):
    editor = signed_in(make_agent("ed", role="editor"))
    editor.post(reverse("studio-article", args=[text.pk]), form(act="publish"))
    page = editor.get(reverse("studio-revision", args=[text.pk, 1])).content.decode()
    assert "<del>-" in page and "<ins>+" in page
    editor.post(reverse("studio-restoration", args=[text.pk, 1]))
    text.refresh_from_db()
    assert text.draft["title"] == "My deposit has not arrived" and text.title == "New title"


def test_a_new_article_and_its_translation(make_agent, signed_in, article):
    editor = signed_in(make_agent("ed", role="editor"))
    data = {"title": "Fresh", "slug": "fresh", "topic": "deposits", "language": "en"}
    assert editor.post(reverse("studio-new"), data).status_code == 302
    assert editor.post(reverse("studio-new"), data).status_code == 422, "there is one already"
    assert editor.post(reverse("studio-new"), {**data, "language": "zh-hans"}).status_code == 302
    assert Article.objects.get(slug="fresh").translations.count() == 2


def test_a_preview_cannot_run_anything(make_agent, signed_in, article):
    editor = signed_in(make_agent("ed", role="editor"))
    page = editor.post(reverse("studio-preview"), {"body": "<script>alert(1)</script>\n\n# Hi"}).content.decode()
    assert "<script" not in page and "Hi</h1>" in page
