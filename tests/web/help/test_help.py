"""The help centre over HTTP: every page in both languages, search, votes, feeds, what search engines read."""

import pytest
from django.utils.timezone import now

from kefu.knowledge.models import Announcement, AnnouncementText, SearchLog, Term, Translation, Vote
from kefu.knowledge.publish import publish
from kefu.knowledge.shelf import shelf
from kefu.topics.models import TopicTranslation

pytestmark = pytest.mark.django_db
PAGES = ["", "topics/", "topics/deposits/", "articles/late-deposit/", "search/?q=deposit", "announcements/", "announcements/hello/",
         "announcements/feed.xml", "glossary/", "contact/", "verify/", "contact/live/", "conversations/", "chat/"]  # fmt: skip


@pytest.fixture
def news(db):
    made = Announcement.objects.create(slug="hello", kind="upgrade", published=now())
    AnnouncementText.objects.create(announcement=made, language="en", title="Hello", html="<p>x</p>")
    return made


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_both_languages(client, article, news, language, page):
    assert client.get(f"/{language}/{page}").status_code == 200


@pytest.mark.parametrize("page", ["articles/none/", "topics/none/", "announcements/none/"])
def test_what_is_not_there_gets_a_page_that_helps(client, db, page):
    answer = client.get(f"/en/{page}")
    assert answer.status_code == 404 and b"<h1" in answer.content


def test_typing_brings_suggestions_with_marks(client, article):
    page = client.get("/zh-hans/search/suggest/", {"q": "充值没到"}).content.decode()
    assert "<mark>充值没到</mark>" in page and 'role="option"' in page


def test_what_was_typed_is_never_html(client, article):
    page = client.get("/en/search/", {"q": '<script>alert(1)</script>"deposit'}).content.decode()
    assert "<script>alert" not in page


def test_a_search_is_noted_and_a_secret_in_it_is_not(client, article):
    client.get("/en/search/", {"q": "my password is Tr0ub4dor&3"})
    client.get("/en/search/", {"q": "nothing like this"})
    assert SearchLog.objects.count() == 2 and not SearchLog.objects.filter(query__contains="Tr0ub4dor").exists()


def test_nothing_found_leads_to_the_chat_with_the_words(client, article):
    assert "chat/?q=zzzz" in client.get("/en/search/", {"q": "zzzz"}).content.decode()


def test_a_vote_counts_once_can_be_changed_and_asks_why(client, article):
    url = "/en/articles/late-deposit/vote/"
    client.post(url, {"helpful": "1"}, headers={"HX-Request": "true"})
    page = client.post(url, {"helpful": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert 'name="reason"' in page
    client.post(url, {"helpful": "0", "reason": "unclear", "comment": "my pin is 482913x!"}, headers={"HX-Request": "true"})
    text = Translation.objects.get(article=article, language="en")
    assert (text.helpful, text.unhelpful, Vote.objects.count()) == (0, 1, 1)


def test_an_article_says_the_same_to_machines(client, article):
    page = client.get("/en/articles/late-deposit/").content.decode()
    assert 'hreflang="zh-Hans"' in page and "application/ld+json" in page and 'property="og:title"' in page
    assert "/zh-hans/articles/late-deposit/" in client.get("/sitemap.xml").content.decode()


def test_terms_are_explained_once_and_not_inside_links_or_code(article):
    from kefu.web.help.glossary import _terms, explain

    Term.objects.create(slug="memo", language="en", name="memo", also=["tag"], definition='A "label".')
    _terms.cache_clear()
    html = explain("<p>memo memo <a href='#'>tag</a> <code>memo</code></p>", "en")
    assert html.count("<abbr") == 1 and "&quot;label&quot;" in html and "<code>memo</code>" in html


@pytest.mark.parametrize(("query", "state"), [("2041", "ours"), ("support@beichen.example", "ours"), ("https://beichen.example/x", "ours"),
                                              ("beichen-login.example.com", "lookalike"), ("9999", "unknown"), ("evil.org", "unknown")])  # fmt: skip
def test_what_is_ours_is_confirmed_exactly(make_agent, query, state):
    from kefu.web.help.verify import judge

    make_agent("ann", badge="2041")
    assert judge(query, "en").state == state


def test_publishing_is_seen_at_once_and_withdrawing_too(client, article):
    from kefu.knowledge.publish import publish, withdraw

    text = Translation.objects.get(article=article, language="en")
    publish(text, {"title": "A quite new title", "summary": "s", "body": "b", "questions": []})
    from kefu.knowledge.shelf import shelf

    shelf.look()
    page = client.get("/en/search/", {"q": "quite new"}).content.decode()
    assert "A quite new title" in page.replace("<mark>", "").replace("</mark>", "")
    assert Translation.objects.get(article=article, language="zh-hans").outdated
    withdraw(text)
    shelf.look()
    assert client.get("/en/articles/late-deposit/").status_code == 200, "the other language is shown"


def test_a_number_alone_opens_nothing_and_its_link_does(client, talk):
    from kefu.conversations.links import status_address

    wrong = client.post("/en/conversations/", {"number": "BC-26-0000001-0"})
    assert wrong.status_code == 422 and "mistyped" in wrong.content.decode()
    alone = client.post("/en/conversations/", {"number": talk.number})
    assert alone.status_code == 422 and "hello there" not in alone.content.decode()
    searched = client.get("/en/search/", {"q": talk.number}, follow=True).content.decode()
    assert f'value="{talk.number}"' in searched and "hello there" not in searched
    link = status_address(talk)
    assert "hello there" in client.get(link).content.decode()
    assert client.get(link[:-4] + "xxx/").status_code == 404


def test_an_expired_link_says_so(client, talk, time_machine=None):
    import time_machine as machine

    from kefu.conversations.links import LIFE, status_address

    link = status_address(talk)
    with machine.travel(now().timestamp() + LIFE + 60):
        answer = client.get(link)
    assert answer.status_code == 404 and "expired" in answer.content.decode()


def test_the_topics_on_the_front_page_are_those_of_now(client, article):
    def front(language):
        return client.get(f"/{language}/").content.decode()

    assert '<a href="/en/topics/deposits/">Deposits</a>' in front("en")
    assert '<a href="/zh-hans/topics/deposits/">充值</a>' in front("zh-hans")
    TopicTranslation.objects.filter(topic__slug="deposits", language="en").update(name="Money <in>")
    assert '<a href="/en/topics/deposits/">Money &lt;in&gt;</a>' in front("en")
    text = Translation.objects.get(article=article, language="en")
    text.title = "Late, but here"
    text.save()
    publish(text)
    shelf.expire()
    listed = '<li><a href="/en/articles/late-deposit/">Late, but here</a></li>'
    assert front("en").count(listed) == 2  # below its topic, and among the most read


def test_a_topic_without_words_in_a_language_has_those_of_another(client, article):
    deposits = TopicTranslation.objects.filter(topic__slug="deposits")
    deposits.filter(language="zh-hans").update(summary="")
    deposits.filter(language="en").update(summary="How money comes in")
    page = client.get("/zh-hans/topics/deposits/").content.decode()
    assert "充值" in page and "How money comes in" in page
    deposits.delete()
    assert '<a href="/en/topics/deposits/">deposits</a>' in client.get("/en/").content.decode()
