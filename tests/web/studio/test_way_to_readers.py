"""An article's way to its readers: asked to be reviewed, planned, kept fresh; links that lead nowhere are told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from kefu.knowledge.broken_links import broken_links
from kefu.knowledge.models import Article, Translation
from kefu.knowledge.plan import publish_due
from kefu.knowledge.publish import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(article):
    return Translation.objects.get(article=article, language="en")


@pytest.fixture
def editor(make_agent, signed_in):
    return signed_in(make_agent("ed", role="editor"))


def form(**values):
    return {"title": "New title", "summary": "Short answer.", "body": "Body", "questions": "one", **values}


def test_a_planned_text_appears_at_its_moment_and_not_before(editor, text, client, time_machine):
    at = now() + timedelta(hours=2)
    page = reverse("studio-article", args=[text.pk])
    editor.post(page, form(act="plan", publish_at=at.isoformat()))
    publish_due()
    assert "New title" not in client.get("/en/articles/late-deposit/").content.decode()
    assert text in editor.get("/studio/?state=planned").context["rows"]
    time_machine.move_to(at + timedelta(minutes=1))
    publish_due()
    text.refresh_from_db()
    assert (text.title, text.publish_at) == ("New title", None)
    assert text.revisions.first().author.email == "ed@staff.example"


@pytest.mark.parametrize("moment", ["", "yesterday", "2020-01-01T10:00"])
def test_a_moment_that_has_passed_is_refused_and_the_draft_kept(editor, text, moment):
    answer = editor.post(reverse("studio-article", args=[text.pk]), form(act="plan", publish_at=moment), follow=True)
    assert "still to come" in answer.content.decode()
    text.refresh_from_db()
    assert text.publish_at is None and text.draft["title"] == "New title"


def test_a_plan_can_be_taken_back(editor, text):
    page = reverse("studio-article", args=[text.pk])
    editor.post(page, form(act="plan", publish_at=(now() + timedelta(hours=1)).isoformat()))
    editor.post(page, form(act="unplan"))
    text.refresh_from_db()
    assert text.publish_at is None and text.draft


def test_who_may_not_publish_asks_and_an_editor_finds_it(make_agent, editor, text):
    writer = Client()
    writer.force_login(make_agent("sue", role="supervisor").user, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("studio-article", args=[text.pk])
    assert writer.post(page, form(act="plan", publish_at=(now() + timedelta(hours=1)).isoformat())).status_code == 403
    writer.post(page, form(act="review"))
    assert text in editor.get("/studio/?state=review").context["rows"]
    editor.post(page, form(act="publish"))
    assert text not in editor.get("/studio/?state=review").context["rows"]


def test_what_stands_about_an_article_is_changed_for_all_its_languages(editor, article, text):
    other = Article.objects.create(slug="other", topic=article.topic)
    values = {
        "topic": "deposits",
        "kind": "path",
        "owner": "",
        "reviewed": "2026-01-02",
        "review_by": "",
        "related": "other",
        "chapters": "other",
    }
    assert editor.post(reverse("studio-about", args=[text.pk]), values).status_code == 302
    article.refresh_from_db()
    assert (article.kind, article.chapters, str(article.reviewed)) == ("path", ["other"], "2026-01-02")
    assert list(article.related.all()) == [other]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"related": "nowhere"}, "There is no article nowhere"), ({"kind": "path"}, "needs chapters"), ({"review_by": "soon"}, "valid date")],
)
def test_what_is_wrong_about_it_is_said(editor, text, wrong, says):
    values = {"topic": "deposits", "kind": "faq", "owner": "", "related": "", "chapters": "", **wrong}
    answer = editor.post(reverse("studio-about", args=[text.pk]), values)
    assert answer.status_code == 422 and says in answer.content.decode()


def test_links_that_lead_nowhere_are_told(editor, text):
    body = "[a](article:late-deposit) [b](article:gone) [c](topic:deposits) [d](page:verify) [e](topic:nowhere)"
    publish(text, {"title": "t", "summary": "s", "body": body, "questions": []})
    assert [one.link for one in broken_links()] == ["article:gone", "topic:nowhere"]
    assert "article:gone" in editor.get(reverse("studio-worklist")).content.decode()
