"""From what happened in talks to better answers: proposals come in, an editor's click trains the bot at once."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.timezone import now

from kefu.knowledge.models import Article, Proposal, Translation
from kefu.knowledge.publish import bump
from kefu.text.same_words import words_key
from kefu.text.secrets import redact

LONGEST = 300  # characters: a question, not a story
MOST_QUESTIONS = 60


def propose(kind: Proposal.Kind, text: str, *, language: str, article: Article | None = None) -> Proposal | None:
    """Note a question in the words of whoever asked; the same words again count up. None for what teaches nothing.

    What an editor has dismissed stays dismissed.
    """
    clean = redact(" ".join(text.split())).text[:LONGEST]
    key = words_key(clean)
    if not key:
        return None
    known = Proposal.objects.filter(kind=kind, language=language, words=key, article=article)
    if known.update(count=F("count") + 1, seen=now()):
        return known.get()
    try:
        with transaction.atomic():
            return Proposal.objects.create(kind=kind, text=clean, language=language, words=key, article=article)
    except IntegrityError:  # somebody asked the same in this very moment
        known.update(count=F("count") + 1, seen=now())
        return known.get()


def accept(proposal: Proposal, *, article: Article) -> Translation:
    """The question becomes an example question of the article, in its language where there is a text: the bot knows it at once.

    Raises LookupError for an article without a published text.
    """
    with transaction.atomic():
        texts = list(article.translations.select_for_update().filter(state=Translation.State.PUBLISHED))
        text = next((t for t in texts if t.language == proposal.language), texts[0] if texts else None)
        if text is None:
            raise LookupError(article.slug)
        text.questions = with_question(text.questions, proposal.text)
        if text.draft:  # an editor's unfinished work must not lose it
            text.draft = {**text.draft, "questions": with_question(text.draft.get("questions", []), proposal.text)}
        text.updated = now()  # by this every process sees that there is something to learn
        text.save(update_fields=["questions", "draft", "updated"])
        bump()
        settle(proposal, Proposal.State.ACCEPTED)
    return text


def settle(proposal: Proposal, state: Proposal.State) -> None:
    """An editor has decided."""
    Proposal.objects.filter(pk=proposal.pk).update(state=state)


def with_question(questions: list[str], question: str) -> list[str]:
    """The example questions with one more, each once; the oldest goes where there are too many."""
    kept = [one for one in questions if one != question]
    return [*kept, question][-MOST_QUESTIONS:]
