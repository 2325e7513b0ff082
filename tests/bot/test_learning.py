"""Talks teach the assistant: what it could not answer waits for an editor, whose click trains it at once."""

import pytest

from kefu.bot.decide import decide
from kefu.knowledge.learn import accept, propose
from kefu.knowledge.models import Article, Proposal, Translation
from kefu.knowledge.shelf import shelf

pytestmark = pytest.mark.django_db
Kind = Proposal.Kind


@pytest.fixture
def editor(make_agent, signed_in):
    return signed_in(make_agent("ed", role="editor"))


def test_a_question_without_an_answer_waits_and_counts(article, say, settle):
    for who in ("a", "b"):
        say("how do I cook rice with lemons", who=who)
        settle()
    found = Proposal.objects.get(kind=Kind.UNANSWERED)
    assert (found.text, found.language, found.count, found.article) == ("how do I cook rice with lemons", "en", 2, None)


@pytest.mark.parametrize(("choice", "kind"), [("helped", Kind.CONFIRMED), ("not_helped", Kind.NOT_HELPED)])
def test_the_customers_judgement_is_noted_with_the_article(article, say, settle, choice, kind):
    talk = say("where is my deposit").conversation
    settle()
    say("", thread=talk.uid.hex, choice=choice)
    settle()
    found = Proposal.objects.get()
    assert (found.kind, found.text, found.article) == (kind, "where is my deposit", article)


def test_no_secret_and_no_greeting_is_kept(article):
    phrase = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert "sausage" not in propose(Kind.UNANSWERED, f"my phrase is {phrase} please help", language="en").text
    assert propose(Kind.UNANSWERED, "hello", language="en") is None
    assert propose(Kind.UNANSWERED, "   ", language="en") is None


def test_an_accepted_question_is_answered_at_once(article):
    words = "my elephants did not come home"
    assert decide(words, language="en").action != "answer"
    proposal = propose(Kind.SOLVED_BY, words, language="en", article=article)
    accept(proposal, article=article)
    shelf.expire()
    decision = decide(words, language="en")
    assert decision.action == "answer" and decision.found[0].entry.slug == "late-deposit"
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.ACCEPTED


def test_an_editors_draft_does_not_lose_it(article):
    text = article.translations.get(language="en")
    text.draft = {"title": "t", "summary": "s", "body": "b", "questions": ["old"]}
    text.save()
    accept(propose(Kind.SOLVED_BY, "elephants at home", language="en", article=article), article=article)
    text.refresh_from_db()
    assert text.draft["questions"] == ["old", "elephants at home"]


def test_an_article_without_a_published_text_cannot_answer(article):
    empty = Article.objects.create(slug="empty", topic=article.topic)
    with pytest.raises(LookupError):
        accept(propose(Kind.UNANSWERED, "elephants at home", language="en"), article=empty)


def test_from_refused_questions_to_an_article_that_answers(article, say, settle, editor):
    say("how do I cook rice with lemons")
    settle()
    page = editor.get("/studio/worklist/").content.decode()
    assert "how do I cook rice with lemons" in page
    proposal = Proposal.objects.get()
    form = editor.get(f"/studio/articles/new/?language=en&proposal={proposal.pk}&title=Rice").content.decode()
    assert "It will answer" in form and 'value="Rice"' in form
    values = {"title": "Rice with lemons", "slug": "rice", "topic": "deposits", "language": "en", "proposal": proposal.pk}
    editor.post("/studio/articles/new/", values)
    text = Translation.objects.get(article__slug="rice")
    assert text.questions == ["how do I cook rice with lemons"]
    editor.post(
        f"/studio/articles/{text.pk}/",
        {"title": "Rice with lemons", "summary": "Squeeze, then boil.", "body": "x", "questions": text.questions[0], "act": "publish"},
    )
    shelf.expire()
    again = say("how do I cook rice with lemons", who="later").conversation
    settle()
    assert again.messages.filter(kind="bot").last().body == "Squeeze, then boil."
    assert Proposal.objects.get(pk=proposal.pk).state == Proposal.State.ACCEPTED


def test_accepting_and_putting_away_on_the_page(article, editor):
    one = propose(Kind.UNANSWERED, "elephants at home", language="en")
    two = propose(Kind.UNANSWERED, "what is the weather", language="en")
    refused = editor.post(f"/studio/worklist/{one.pk}/", {"act": "accept"}, follow=True).content.decode()
    assert "Choose a published article first." in refused
    done = editor.post(f"/studio/worklist/{one.pk}/", {"act": "accept", "article": "late-deposit"}, follow=True).content.decode()
    assert "answers this now" in done
    editor.post(f"/studio/worklist/{two.pk}/", {"act": "dismiss"})
    assert not Proposal.objects.filter(state="open").exists()
    propose(Kind.UNANSWERED, "what is the weather", language="en")
    assert not Proposal.objects.filter(state="open").exists(), "what was put away stays away"


def test_a_supervisor_reads_and_an_agent_does_not(article, make_agent, signed_in):
    assert signed_in(make_agent("su", role="supervisor")).get("/studio/worklist/").status_code == 200
    assert signed_in(make_agent("ag", badge="9999")).get("/studio/worklist/").status_code == 403


def test_an_agent_says_what_solved_it(article, say, settle, signed_in, agent):
    talk = say("elephants did not arrive at home").conversation
    desk = signed_in(agent)
    listed = desk.get(f"/desk/articles/?q=deposit&language=en&talk={talk.uid}").content.decode()
    assert "This solved it" in listed
    answer = desk.post(f"/desk/{talk.uid}/solved-by/", {"article": "late-deposit"})
    assert answer.status_code == 200
    found = Proposal.objects.get(kind=Kind.SOLVED_BY)
    assert (found.text, found.article) == ("elephants did not arrive at home", article)
    assert desk.post(f"/desk/{talk.uid}/solved-by/", {"article": "nope"}).status_code == 422
