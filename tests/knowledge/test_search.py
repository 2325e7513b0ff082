"""What a reader finds: the answer first, in whatever language and words; then what holds the words."""

import pytest

from kefu.knowledge import search as searching
from kefu.knowledge.models import Article, Translation
from kefu.knowledge.publish import publish
from kefu.knowledge.search import search, suggestions

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(article):
    for slug, title, body, questions in (
        (
            "p2p",
            "Buying safely on P2P",
            "Log in to your bank, log out, keep the deposit slip and keep logging every payment.",
            ["is p2p safe"],
        ),
        ("sign-in", "I cannot sign in", "Use Forgot password.", ["keeps logging me out", "password not accepted"]),
    ):
        made = Article.objects.create(slug=slug, topic=article.topic, kind="faq")
        publish(Translation.objects.create(article=made, language="en", title=title, summary=title, questions=questions, body=body))


def slugs(found):
    return [one.entry.slug for one in found]


@pytest.mark.parametrize("look", [search, suggestions])
def test_a_question_known_word_for_word_is_found_before_what_holds_its_words(shelf, look):
    assert slugs(look("keeps logging me out", language="en", limit=5))[0] == "sign-in"
    assert slugs(look("Keeps logging me OUT?", language="en", limit=5))[0] == "sign-in"


@pytest.mark.parametrize("words", ["mi depósito no ha llegado", "мой депозит не пришёл", "para yatırma işlemim gelmedi", "充值沒到帳"])
def test_a_customer_finds_articles_in_a_language_that_they_are_not_written_in(shelf, words):
    found = search(words, language="en")
    assert found[0].entry.slug == "late-deposit" and found[0].entry.language == "en"


def test_what_only_holds_the_words_follows_and_nobody_comes_twice(shelf):
    found = slugs(search("deposit", language="en"))
    assert found[0] == "late-deposit" and "p2p" in found and len(set(found)) == len(found)
    assert slugs(search("passw", language="en"))[0] == "sign-in", "the last word is unfinished"
    assert search("zzqx vvw", language="en") == [] == search("", language="en")


def test_among_very_many_articles_suggestions_look_at_the_words_alone(shelf, monkeypatch):
    monkeypatch.setattr(searching, "AT_ONCE", 2)
    monkeypatch.setattr(searching, "answers", lambda *_, **__: pytest.fail("an answer takes too long for a keystroke"))
    assert "late-deposit" in slugs(suggestions("deposit", language="en", limit=5))
