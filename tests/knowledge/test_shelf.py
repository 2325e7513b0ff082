"""The articles in memory: listed at once, learned when somebody searches, forgotten when they are withdrawn."""

from kefu.knowledge.models import Translation
from kefu.knowledge.publish import publish
from kefu.knowledge.shelf import Shelf


def test_pages_do_not_wait_for_the_index_and_who_searches_finds_everything(article):
    shelf = Shelf()
    assert shelf.listed().entry(str(article.pk), "en").title == "My deposit has not arrived"
    assert shelf.index.answer("where is my deposit", k=1) == []
    assert [hit.doc_id for hit in shelf.fresh().index.answer("where is my deposit", k=1)] == [str(article.pk)]


def test_a_change_is_listed_and_learned(article):
    shelf = Shelf().fresh()
    text = article.translations.get(language="en")
    text.title, text.questions = "Deposit is late", ["zeppelin money"]
    text.save()
    publish(text)
    shelf.expire()
    assert shelf.listed().entry(str(article.pk), "en").title == "Deposit is late"
    assert shelf.fresh().index.answer("zeppelin money", k=1)[0].doc_id == str(article.pk)


def test_what_is_withdrawn_is_gone_from_both(article):
    shelf = Shelf().fresh()
    article.translations.update(state=Translation.State.DRAFT)
    from kefu.knowledge.models import IndexVersion

    IndexVersion.objects.update(number=99)
    shelf.expire()
    assert shelf.listed().entries == {} and shelf.fresh().index.answer("where is my deposit", k=1) == []
    assert shelf.exact == {}
