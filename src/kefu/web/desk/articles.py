"""Articles to insert into a reply, and the palette."""

import re
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.models import Conversation
from kefu.knowledge.learn import propose
from kefu.knowledge.links import resolve
from kefu.knowledge.models import Article, Proposal
from kefu.knowledge.search import search
from kefu.text import numbering
from kefu.web.desk.acts import problem
from kefu.web.desk.find import visible
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.search import NAMED, find
from kefu.web.desk.views import VIEWS


@require_safe
@for_agents("desk.answer")
def articles(request: AgentRequest) -> HttpResponse:
    """Articles that fit, in the customer's language, ready to insert: answer and link."""
    language = request.GET.get("language", "") or get_language() or "en"
    query = request.GET.get("q", "").strip()[:200]
    found = search(query, language=language, limit=8) if query else []
    base = f"{request.scheme}://{request.get_host()}"
    rows = [(f.entry, f"{base}{resolve(f'article:{f.entry.slug}', f.entry.language)}") for f in found]
    talk = request.GET.get("talk", "")
    return render(
        request, "desk/articles.html", {"rows": rows, "query": query, "talk": talk if re.fullmatch("[0-9a-f-]{36}", talk) else ""}
    )


@require_POST
@for_agents("desk.answer")
def solved_by(request: AgentRequest, uid: UUID) -> HttpResponse:
    """ "This article solved it": the customer's first words are proposed as one of its example questions."""
    talk = visible(request.agent, uid)
    article = Article.objects.filter(slug=request.POST.get("article", "")).first()
    first = talk.messages.filter(kind="customer").exclude(body="").order_by("seq").first()
    if article is None or first is None:
        return problem(_("There is no such article, or the customer has not written yet."))
    propose(Proposal.Kind.SOLVED_BY, first.body, language=talk.language, article=article)
    return HttpResponse(_("Thank you. An editor sees it."), content_type="text/plain; charset=utf-8")


@require_safe
@for_agents("desk.read")
def palette(request: AgentRequest) -> HttpResponse:
    """Jump to a view, a conversation by its number or subject, or an article."""
    query = request.GET.get("q", "").strip()[:100]
    seen = Conversation.objects.visible_to(request.agent)  # type: ignore[attr-defined]
    talks = []
    if number := numbering.read(query):
        talks = list(seen.filter(number=number))
    elif len(query) > 1:
        talks = list(find(request.agent, query).order_by("-last_message_at", "-pk")[:5]) if not NAMED.search(query) else []
    views = [v for v in VIEWS if not query or query.casefold() in str(v.label).casefold()]
    language = get_language() or "en"
    found = search(query, language=language, limit=4) if len(query) > 1 else []
    context = {
        "views": [(v, f"{reverse('desk')}?view={v.slug}") for v in views],
        "talks": talks,
        "articles": [(f.entry, resolve(f"article:{f.entry.slug}", f.entry.language)) for f in found],
    }
    return render(request, "desk/palette.html", context)
