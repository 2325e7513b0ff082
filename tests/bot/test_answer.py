"""The bot: answers with a source, hands over when asked or at a loss, and is silent once a person is called."""

import pytest

from kefu.bot.decide import decide
from kefu.conversations.assign import take
from kefu.conversations.models import Conversation
from kefu.knowledge.models import Article, Translation
from kefu.knowledge.publish import publish

pytestmark = pytest.mark.django_db


def last(conversation):
    return conversation.messages.filter(kind="bot").last()


def test_an_answer_is_the_articles_own_words_with_its_source(article, say, settle):
    found = say("充值没到账怎么办", language="zh-hans").conversation
    settle()
    message = last(found)
    assert message.body == "先查确认数。"
    assert message.data["citations"][0]["title"] == "充值没到账怎么办"
    assert {"helped", "not_helped", "human"} <= {b["value"] for b in message.data["buttons"]}


def test_the_answer_comes_in_the_language_of_the_question(article, say, settle):
    found = say("where is my deposit", language="zh-hans").conversation
    settle()
    assert last(found).body == "Check the confirmations first."


@pytest.mark.parametrize(
    "text", ["转人工", "agent", "оператор", "hablar con una persona", "müşteri temsilcisi", "gặp nhân viên", "轉真人客服"]
)
def test_asking_for_a_person_hands_over_at_once(article, say, settle, text):
    found = say(text).conversation
    settle()
    found.refresh_from_db()
    assert found.stage == "queued"


def test_a_question_about_cooking_is_declined_and_the_second_failure_fetches_a_person(article, say, settle):
    found = say("how do I cook rice with lemons").conversation
    settle()
    found.refresh_from_db()
    assert found.stage == "bot" and "citations" not in last(found).data
    say("and with tomatoes?", thread=found.uid.hex)
    settle()
    found.refresh_from_db()
    assert found.stage == "queued"


def test_an_account_takeover_goes_to_a_person_first_of_all(article, say, settle):
    found = say("someone hacked my account and logged in").conversation
    settle()
    found.refresh_from_db()
    assert (found.stage, found.priority) == ("queued", Conversation.Priority.URGENT)
    assert found.priority_reasons[0]["code"] == "takeover"


def test_the_bot_is_silent_while_a_person_has_the_talk(article, queued, agent, say, settle):
    take(queued, agent=agent)
    before = queued.messages.filter(kind="bot").count()
    say("where is my deposit", thread=queued.uid.hex)
    settle()
    assert queued.messages.filter(kind="bot").count() == before


def test_whoever_takes_over_sees_what_was_asked_and_tried(article, say, settle):
    found = say("where is my deposit").conversation
    settle()
    say("human", thread=found.uid.hex)
    settle()
    found.refresh_from_db()
    assert found.bot["summary"]["asked"] == ["where is my deposit"]
    assert found.bot["summary"]["tried"][0]["slug"] == "late-deposit"


def test_a_secret_is_not_part_of_a_decision(article):
    decision = decide("legal winner thank year wave sausage worth useful legal winner thank yellow", language="en")
    assert "sausage" not in decision.question


def test_a_flow_asks_one_thing_at_a_time_checks_it_and_can_be_left(article, say, settle, settings, tmp_path):
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "deposits.toml").write_text(
        'topic = "deposits"\n[title]\nen = "t"\n[opening]\nen = "I ask two things."\n[closing]\nen = "A specialist takes over."\n'
        '[[step]]\nfield = "txid"\ntype = "txid"\nask = { en = "Which transaction?" }\nhelp = { en = "64 characters." }\n'
        '[[step]]\nfield = "amount"\ntype = "amount"\nrequired = false\nask = { en = "How much?" }\nhelp = { en = "A number." }\n'
    )
    settings.CONTENT = tmp_path
    found = say("where is my deposit").conversation
    settle()

    def answer(text, choice=""):
        say(text, thread=found.uid.hex, choice=choice)
        settle()
        found.refresh_from_db()
        return last(found)

    assert "Which transaction?" in answer("no", "not_helped").body
    assert "64 characters." in answer("dunno").body
    assert "How much?" in answer("it is " + "ab" * 32).body
    answer("Skip", "skip")
    assert found.stage == "queued" and found.fields["txid"] == "ab" * 32


@pytest.mark.parametrize(("text", "language", "words"), [("你好", "zh-hans", "有什么可以帮你"), ("thanks!", "en", "You are welcome")])
def test_a_greeting_or_thanks_is_answered_and_counts_as_no_failure(article, say, settle, text, language, words):
    found = say(text, language=language).conversation
    settle()
    found.refresh_from_db()
    assert words in last(found).body and found.stage == "bot" and not found.bot.get("failures")


def test_an_insult_is_answered_with_an_offer_of_a_person(article, say, settle):
    found = say("you are useless", language="en").conversation
    settle()
    assert [b["value"] for b in last(found).data["buttons"]] == ["human"]


def test_two_questions_in_one_message_are_offered_both(article):
    made = Article.objects.create(slug="forgot", topic=article.topic, kind="faq")
    text = Translation.objects.create(article=made, language="en", title="Forgot the password", summary="Reset it.", body="Reset it.")
    text.questions = ["I forgot my password", "how do I reset my password", "password lost"]
    text.save()
    publish(text)
    found = decide("I forgot my password, and also where is my deposit", language="en")
    assert found.action == "clarify" and len(found.found) == 2


def test_a_misspelt_question_is_answered(article):
    assert decide("where is my depsoit", language="en").action == "answer"
