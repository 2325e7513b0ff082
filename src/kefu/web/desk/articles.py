"""Articles to insert into a reply, and the palette."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.conversations.models import Conversation
from kefu.knowledge.links import resolve
from kefu.knowledge.search import search
from kefu.text import numbering
from kefu.web.desk.gate import AgentRequest, for_agents
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
    return render(request, "desk/articles.html", {"rows": rows, "query": query})


@require_safe
@for_agents("desk.read")
def palette(request: AgentRequest) -> HttpResponse:
    """Jump to a view, a conversation by its number or subject, or an article."""
    query = request.GET.get("q", "").strip()[:100]
    visible = Conversation.objects.visible_to(request.agent)  # type: ignore[attr-defined]
    talks = []
    if number := numbering.read(query):
        talks = list(visible.filter(number=number))
    elif len(query) > 1:
        talks = list(visible.filter(subject__icontains=query).order_by("-last_message_at")[:5])
    views = [v for v in VIEWS if not query or query.casefold() in str(v.label).casefold()]
    language = get_language() or "en"
    found = search(query, language=language, limit=4) if len(query) > 1 else []
    context = {
        "views": [(v, f"{reverse('desk')}?view={v.slug}") for v in views],
        "talks": talks,
        "articles": [(f.entry, resolve(f"article:{f.entry.slug}", f.entry.language)) for f in found],
    }
    return render(request, "desk/palette.html", context)
