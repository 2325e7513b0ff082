"""Articles to insert into a reply."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.knowledge.learn import propose
from kefu.knowledge.links import resolve
from kefu.knowledge.models import Article, Proposal
from kefu.knowledge.search import suggestions
from kefu.web.desk.acts import problem
from kefu.web.desk.find import read_uid, visible
from kefu.web.desk.gate import AgentRequest, for_agents


@require_safe
@for_agents("desk.answer")
def articles(request: AgentRequest) -> HttpResponse:
    """Articles that fit, in the customer's language, ready to insert: answer and link."""
    language = request.GET.get("language", "") or get_language() or "en"
    query = request.GET.get("q", "").strip()[:200]
    found = suggestions(query, language=language, limit=8) if query else []
    base = f"{request.scheme}://{request.get_host()}"
    rows = [(f.entry, f"{base}{resolve(f'article:{f.entry.slug}', f.entry.language)}") for f in found]
    return render(request, "desk/articles.html", {"rows": rows, "query": query, "talk": read_uid(request.GET.get("talk", ""))})


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
