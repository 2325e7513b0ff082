"""What to write next: questions without an answer, words that teach the bot, searches in vain, articles that do not help."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count, F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.models import Conversation
from kefu.knowledge.broken_links import broken_links
from kefu.knowledge.learn import accept, settle, with_question
from kefu.knowledge.models import Article, Proposal, SearchLog, Translation
from kefu.knowledge.search import search
from kefu.system.audit.log import write
from kefu.topics.models import Topic
from kefu.web.studio.gate import StaffRequest, for_staff, shell

SHOWN = 40
SINCE = timedelta(days=30)
GAP_TOPICS = 8


@require_safe
@for_staff("studio.read")
def worklist(request: StaffRequest) -> HttpResponse:
    """Everything that waits for an editor, the most frequent first."""
    language = request.LANGUAGE_CODE
    rows = list(Proposal.objects.filter(state=Proposal.State.OPEN).select_related("article").order_by("-count", "-seen")[:SHOWN])
    context: dict[str, Any] = {
        "rows": [(one, _titles(one, language)) for one in rows],
        "more": max(0, Proposal.objects.filter(state=Proposal.State.OPEN).count() - SHOWN),
        "in_vain": list(
            SearchLog.objects.filter(hits=0, created__gte=now() - SINCE)
            .values("query", "language")
            .annotate(n=Count("pk"))
            .order_by("-n", "query")[:15]
        ),
        "disliked": list(
            Translation.objects.filter(unhelpful__gt=F("helpful"), unhelpful__gte=3).select_related("article").order_by("-unhelpful")[:15]
        ),
        "due": list(Translation.objects.filter(article__review_by__lt=localdate()).select_related("article").order_by("title")[:15]),
        "broken": broken_links()[:30],
        "outdated": list(Translation.objects.filter(outdated=True).select_related("article").order_by("title")[:15]),
        "gaps": gaps(get_language() or "en"),
    }
    return render(request, "studio/worklist.html", shell(request) | context)


@require_POST
@for_staff("studio.write")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """``act``: accept (with ``article``), or dismiss."""
    proposal = get_object_or_404(Proposal, pk=pk, state=Proposal.State.OPEN)
    if request.POST.get("act") == "accept":
        article = Article.objects.filter(slug=request.POST.get("article", "").strip()).first() or proposal.article
        try:
            if article is None:
                raise LookupError
            text = accept(proposal, article=article)
        except LookupError:
            messages.error(request, _("Choose a published article first."))
            return redirect("studio-worklist")
        write(str(request.agent), "proposal.accepted", f"article:{article.slug}", proposal=proposal.pk)
        messages.success(request, _("“%(title)s” answers this now; the assistant knows it already.") % {"title": text.title})
    else:
        settle(proposal, Proposal.State.DISMISSED)
        write(str(request.agent), "proposal.dismissed", f"proposal:{proposal.pk}")
        messages.success(request, _("Put away. The same words will not come back."))
    return redirect("studio-worklist")


def begin_with(text: Translation, given: list[str]) -> None:
    """A new article that is written for these questions begins with them as its example questions."""
    proposals = list(Proposal.objects.filter(pk__in=chosen(given)))
    for one in proposals:
        text.questions = with_question(text.questions, one.text)
        settle(one, Proposal.State.ACCEPTED)
    if proposals:
        text.save(update_fields=["questions"])


def chosen(given: list[str]) -> list[int]:
    """The ids among what an address or a form holds."""
    return [int(one) for one in given if one.isdecimal() and len(one) < 10]


def gaps(language: str) -> list[tuple[str, int, int]]:
    """Topics with many questions for people and few articles: label, conversations of the last month, articles."""
    since = now() - SINCE
    asked = Conversation.objects.filter(created__gte=since, topic__isnull=False).order_by().values_list("topic").annotate(n=Count("pk"))
    numbers = dict(asked)
    topics = Topic.objects.filter(pk__in=numbers).prefetch_related("translations").annotate(n=Count("articles"))
    rows = [(topic.label(language), numbers[topic.pk], topic.n) for topic in topics]
    return sorted(rows, key=lambda row: -row[1] / (row[2] + 1))[:GAP_TOPICS]


def _titles(proposal: Proposal, language: str) -> list[tuple[str, str]]:
    """Articles that may answer it: the one it is about, then what a search finds; (slug, title)."""
    found = [(f.entry.slug, f.entry.title) for f in search(proposal.text, language=language, limit=4)]
    if proposal.article:
        title = proposal.article.translations.order_by("language").values_list("title", flat=True).first() or proposal.article.slug
        found.insert(0, (proposal.article.slug, title))
    return list(dict(found).items())
