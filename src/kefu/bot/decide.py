"""What the bot does with a question: answer, ask one thing back, decline, or fetch a person."""

from dataclasses import dataclass, field

from kefu.bot import policy
from kefu.conversations.guard import clear
from kefu.knowledge.search import Found, answers
from kefu.text.handoff import wants_human
from kefu.text.triage import signals


@dataclass(frozen=True)
class Decision:
    """``action``: answer, clarify, decline or hand_over; ``reason`` names the rule that decided.

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
        return Decision("hand_over", "asked", question)
    if alarm := alarming(question):
        return Decision("hand_over", alarm, question, found=answers(question, language=language, limit=3))
    found = answers(question, language=language)
    top = found[0].confidence if found else 0.0
    if top >= policy.ANSWER:
        return Decision("answer", "confident", question, top, found, found[0].entry.summary, language)
    close = [hit for hit in found[: policy.CHOICES] if hit.confidence >= max(policy.ON_TOPIC, top - policy.CLOSE)]
    if top >= policy.CLARIFY and failures == 0:
        return Decision("clarify", "several_fit" if len(close) > 1 else "unsure", question, top, close)
    if failures + 1 >= policy.FAILURES:
        return Decision("hand_over", "failed_twice", question, top, found)
    if top >= policy.ON_TOPIC:
        return Decision("hand_over", "unsure", question, top, found)
    return Decision("decline", "off_topic", question, top, found)


def alarming(question: str) -> str:
    """Account takeover, fraud or distress in the words: reasons to fetch a person at once; empty when there are none."""
    found = signals(question)
    for name in ("takeover", "fraud", "distress"):
        if getattr(found, name):
            return name
    return ""
