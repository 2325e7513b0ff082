"""What the bot tells the editors: questions it could not answer, answers that helped or did not."""

from kefu.conversations.models import Conversation
from kefu.knowledge.learn import propose
from kefu.knowledge.models import Article, Proposal


def unanswered(conversation: Conversation, text: str) -> None:
    """Nothing fitted this question."""
    propose(Proposal.Kind.UNANSWERED, text, language=conversation.language)


def judged(conversation: Conversation, *, helped: bool) -> None:
    """The customer said whether the last answer helped."""
    asked = conversation.bot.get("summary", {}).get("asked", [])
    article = Article.objects.filter(pk=conversation.bot.get("last_article") or 0).first()
    if asked and article:
        kind = Proposal.Kind.CONFIRMED if helped else Proposal.Kind.NOT_HELPED
        propose(kind, str(asked[-1]), language=conversation.language, article=article)
