"""The bot hears a customer: the reaction that answers, asks back, or fetches a person."""

from typing import Any

from django.conf import settings
from django.utils.translation import override

from kefu.bot import flow, learn, phrases, told
from kefu.bot.decide import Decision, alarming, decide
from kefu.bot.flow_files import flow_for
from kefu.bot.personal import Known, personal_answer
from kefu.bot.topic import ALARMS, fill_in, likely_topic, set_topic
from kefu.conversations.hand_over import hand_over
from kefu.conversations.models import Conversation, Event, Message, locked
from kefu.conversations.reply import say
from kefu.incidents.known import incident_in, link
from kefu.knowledge.links import resolve
from kefu.knowledge.search import Found
from kefu.knowledge.shelf import Entry, shelf
from kefu.system.turn import write_turn
from kefu.text.handoff import wants_human
from kefu.text.language import detect
from kefu.topics.models import Topic

Stage = Conversation.Stage


def answer(event: Event) -> None:
    """Reaction: a customer wrote. Silent as soon as a person is called or there: both hold the conversation's lock.

    What to say is worked out before the lock is taken, so that nobody waits for it. A message is heard once: the
    highest number that was heard is kept with the conversation.
    """
    conversation = event.conversation
    if conversation.stage != Stage.BOT:
        return
    message = Message.objects.get(pk=event.data["message"])
    thought, known = think(conversation, message)
    with write_turn(), locked(event.conversation_id) as found:
        if found.stage != Stage.BOT or found.bot.get("heard", 0) >= message.seq:
            return
        found.bot = {**found.bot, "heard": message.seq}
        with override(found.language):
            respond(found, message, thought, known)
        found.save()


def think(conversation: Conversation, message: Message) -> tuple[Decision | None, Known | None]:
    """The decision on a question, or what the account says to it, which the exchange was asked for; neither where a button
    was pressed or a flow is open."""
    if message.data.get("choice") or flow.is_open(conversation):
        return None, None
    with override(conversation.language):
        if known := personal_answer(conversation, message.body):
            return None, known
    codes = [code for code, _ in settings.LANGUAGES]
    language = detect(message.body, codes) if len(message.body) > 3 else conversation.language
    return decide(message.body, language=language, failures=conversation.bot.get("failures", 0)), None


def respond(conversation: Conversation, message: Message, thought: Decision | None, known: Known | None) -> None:
    """One turn of the bot in a ``locked`` conversation."""
    choice = str(message.data.get("choice", ""))
    note_topic(conversation, thought)
    if choice == "human" or wants_human(message.body):
        tell_incident(conversation, message, offer_person=False)
        fetch_person(conversation, "asked")
    elif not choice and (alarm := alarming(message.body)):
        fetch_person(conversation, alarm)
    elif choice == "helped":
        learn.judged(conversation, helped=True)
        say(conversation, phrases.glad(), data={"confirmed": conversation.bot.get("last_article")})
    elif choice == "not_helped":
        learn.judged(conversation, helped=False)
        not_helped(conversation)
    elif choice in told.CHOICES:
        told.choose(conversation, choice)
    elif choice.startswith("article:"):
        picked(conversation, choice.removeprefix("article:"))
    elif choice == "none":
        learn.unanswered(conversation, last_question(conversation))
        failed(conversation)
    elif flow.is_open(conversation):
        flow.hear(conversation, message.body, choice)
    elif message.data.get("removed") and len(message.body) < 60:
        return  # the advice has been given; a message that held little else is no question
    elif known:
        conversation.bot = {**conversation.bot, "failures": 0}
        data = {"personal": True, "buttons": [_button("helped"), _button("human")]}
        say(conversation, known.text, data=data | ({"card": known.txid} if known.txid else {}))
    elif not choice and tell_incident(conversation, message):
        return
    else:
        act(conversation, message, thought or decide(message.body, language=conversation.language))


def note_topic(conversation: Conversation, thought: Decision | None) -> None:
    """Keep what a talk without a topic seems to be about, for the moment at which a person is fetched."""
    if thought and thought.action != "answer" and conversation.topic_id is None and (slug := likely_topic(thought.found)):
        conversation.bot = {**conversation.bot, "likely_topic": slug}


def tell_incident(conversation: Conversation, message: Message, *, offer_person: bool = True) -> bool:
    """What many report just now is said first, once, and the conversation is tied to it; whether that was so."""
    found = incident_in(message.body, about=conversation)
    if found is None or not link(conversation, found):
        return False
    text = phrases.known_incident(found.title(conversation.language), found.summary(conversation.language))
    data: dict[str, Any] = {"incident": found.slug}
    if offer_person:
        text += " " + phrases.shall_we_tell()
        data["buttons"] = [_button("tell_me"), _button("human")]
    say(conversation, text, data=data)
    return True


def act(conversation: Conversation, message: Message, decision: Decision) -> None:
    """Carry out what was decided about a question."""
    if decision.action == "chat":
        say(conversation, phrases.small_talk(decision.reason), data={"buttons": [_button("human")]} if decision.reason == "insult" else {})
        return
    remember(conversation, asked=message.body, decision=decision)
    if decision.action == "answer":
        give(conversation, decision.found[0], decision.language)
    elif decision.action == "clarify":
        clarify(conversation, decision)
    elif decision.action == "decline":
        learn.unanswered(conversation, message.body)
        conversation.bot = {**conversation.bot, "failures": conversation.bot.get("failures", 0) + 1}
        say(conversation, phrases.decline(), data={"buttons": [_button("human")]})
    else:
        fetch_person(conversation, decision.reason)


def give(conversation: Conversation, found: Found, language: str) -> None:
    """Answer with an article's own words and where they come from."""
    entry = found.entry
    text = entry.summary
    if entry.language != language:
        names = dict(settings.LANGUAGES)
        text = f"{phrases.other_language(names.get(entry.language, entry.language))}\n\n{text}"
    conversation.bot = {**conversation.bot, "last_article": entry.article}
    if conversation.topic_id is None:
        topic = Topic.objects.filter(slug=entry.topic).first()
        conversation.topic = topic
        conversation.team_id = topic.team_id if topic else None
    say(
        conversation,
        text,
        language=entry.language,
        data={
            "citations": [citation(entry)],
            "confidence": round(found.confidence, 3),
            "buttons": [_button("helped"), _button("not_helped"), _button("human")],
        },
    )


def citation(entry: Entry) -> dict[str, Any]:
    """Where an answer comes from, as it is kept with the message."""
    return {
        "title": entry.title,
        "url": resolve(f"article:{entry.slug}", entry.language),
        "updated": entry.updated,
        "language": entry.language,
    }


def clarify(conversation: Conversation, decision: Decision) -> None:
    """Ask one question back: which of these is it?"""
    buttons = [{"label": found.entry.title, "value": f"article:{found.entry.article}"} for found in decision.found]
    conversation.bot = {**conversation.bot, "failures": conversation.bot.get("failures", 0) + 1}
    text = phrases.which_one() if len(buttons) > 1 else phrases.not_sure()
    say(conversation, text, data={"buttons": [*buttons, _button("none"), _button("human")]})


def picked(conversation: Conversation, article: str) -> None:
    """The customer chose one of the offered articles."""
    entry = shelf.listed().entry(article, conversation.language) if article.isdecimal() else None
    if entry is None:
        failed(conversation)
        return
    give(conversation, Found(entry, 1.0, 1.0), conversation.language)


def not_helped(conversation: Conversation) -> None:
    """The answer did not solve it: collect what a specialist needs if the topic has a flow, else fetch one."""
    topic = conversation.topic
    while topic is not None:
        if found := flow_for(topic.slug):
            flow.begin(conversation, found)
            return
        topic = topic.parent
    failed(conversation, at_once=True)


def failed(conversation: Conversation, *, at_once: bool = False) -> None:
    """One more answer that went wrong; the second one fetches a person."""
    failures = conversation.bot.get("failures", 0) + 1
    conversation.bot = {**conversation.bot, "failures": failures}
    if at_once or failures >= 2:
        fetch_person(conversation, "failed_twice")
    else:
        say(conversation, phrases.decline(), data={"buttons": [_button("human")]})


def fetch_person(conversation: Conversation, reason: str) -> None:
    """Say so, and join the queue of those who know the topic, with a summary of what was asked, collected and tried."""
    set_topic(conversation, str(conversation.bot.get("likely_topic") or ALARMS.get(reason, "")))
    fill_in(conversation)
    say(conversation, phrases.handing_over(reason))
    conversation.bot = {name: value for name, value in conversation.bot.items() if name != "flow"}
    hand_over(conversation, reason=reason, summary=conversation.bot.get("summary", {}))


def last_question(conversation: Conversation) -> str:
    """What was asked last, in the customer's words."""
    return str((conversation.bot.get("summary", {}).get("asked") or [""])[-1])


def remember(conversation: Conversation, *, asked: str, decision: Decision) -> None:
    """Keep for whoever takes over: the questions, and the articles that were tried."""
    summary: dict[str, Any] = dict(conversation.bot.get("summary", {}))
    summary["asked"] = [*summary.get("asked", []), asked[:500]][-5:]
    if decision.action == "answer":
        tried = {"slug": decision.found[0].entry.slug, "title": decision.found[0].entry.title}
        summary["tried"] = [*summary.get("tried", []), tried][-5:]
    conversation.bot = {**conversation.bot, "summary": summary}


def _button(name: str) -> dict[str, str]:
    return {"label": phrases.button(name), "value": name}
