"""What the bot does with a question: answer, ask one thing back, decline, or fetch a person."""

import re
from dataclasses import dataclass, field

from kefu.bot import policy
from kefu.conversations.guard import clear
from kefu.knowledge.search import Found, answers
from kefu.text.handoff import wants_human
from kefu.text.retrieval import notions
from kefu.text.small_talk import kind as small_talk
from kefu.text.triage import signals

# Where one thing ends and another begins.
PARTS = re.compile(
    r"[，。；！？!?;\n]+|,\s|\.\s|而且|还有|另外|以及|\b(?:and also|and|also|plus|y también|y además|и ещё|и еще|а также|ayrıca|và)\b", re.I
)


@dataclass(frozen=True)
class Decision:
    """``action``: answer, clarify, decline, chat or hand_over; ``reason`` names the rule that decided.

    ``question`` is the question without secrets; ``text`` the answer itself for ``answer``, else empty; ``language`` the
    one in which it was asked.
    """

    action: str
    reason: str
    question: str
    confidence: float = 0.0
    found: list[Found] = field(default_factory=list)
    text: str = ""
    language: str = ""


def decide(question: str, *, language: str, failures: int = 0) -> Decision:
    """Decide on one question, after ``failures`` earlier ones that went wrong. Never invents: every answer is an
    article's own words."""
    question = clear(question)[0]
    if wants_human(question):
        about = without_wish(question)
        return Decision("hand_over", "asked", question, found=answers(about, language=language) if about else [])
    if alarm := alarming(question):
        return Decision("hand_over", alarm, question, found=answers(question, language=language, limit=3))
    if said := small_talk(question):
        return Decision("chat", said, question)
    found = answers(question, language=language)
    top = found[0].confidence if found else 0.0
    if top >= policy.ANSWER:
        return Decision("answer", "confident", question, top, found, found[0].entry.summary, language)
    if (several := parts_answered(question, language)) and (len(several) == 1 or failures == 0):
        best = several[0]
        if len(several) == 1:
            return Decision("answer", "confident", question, best.confidence, several, best.entry.summary, language)
        return Decision("clarify", "several_fit", question, best.confidence, several)
    on_topic = top >= policy.ON_TOPIC or len(notions(question)) >= policy.NOTIONS
    close = [hit for hit in found[: policy.CHOICES] if hit.confidence >= max(policy.FAINT, policy.CLOSE * top)]
    if on_topic and close and failures == 0:
        return Decision("clarify", "several_fit" if len(close) > 1 else "unsure", question, top, close)
    if failures + 1 >= policy.FAILURES:
        return Decision("hand_over", "failed_twice", question, top, found)
    if on_topic:
        return Decision("hand_over", "unsure", question, top, found)
    return Decision("decline", "off_topic", question, top, found)


def without_wish(question: str) -> str:
    """What a message is about beside the wish for a person; empty for one that holds nothing else."""
    rest = [part for part in PARTS.split(question) if part.strip() and not wants_human(part)]
    if rest:
        return "\n".join(rest)
    return question if len(notions(question)) >= policy.NOTIONS else ""


def parts_answered(question: str, language: str) -> list[Found]:
    """Of a message about several things, the article of each part that has a sure one, in the order of asking."""
    parts = [part.strip() for part in PARTS.split(question) if len(part.strip()) > 3]
    sure: dict[int, Found] = {}
    for part in parts[: policy.MOST_PARTS] if len(parts) > 1 else ():
        found = answers(part, language=language, limit=1)
        if found and found[0].confidence >= policy.ANSWER:
            sure.setdefault(found[0].entry.article, found[0])
    return list(sure.values())[: policy.CHOICES]


def alarming(question: str) -> str:
    """Account takeover, fraud or distress in the words: reasons to fetch a person at once; empty when there are none."""
    found = signals(question)
    for name in ("takeover", "fraud", "distress"):
        if getattr(found, name):
            return name
    return ""
