"""Editing one article in one language: write, look, publish, go back."""

import difflib

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.text import slugify
from django.utils.timezone import is_aware, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.knowledge.links import resolve
from kefu.knowledge.models import Article, Proposal, Revision, Translation
from kefu.knowledge.plan import NotNow, ask_for_review, forget_plan, plan
from kefu.knowledge.publish import publish, restore, save_draft, withdraw
from kefu.people.permissions import may
from kefu.system.audit.log import write
from kefu.text.markup import render as render_markdown
from kefu.topics.models import Topic
from kefu.web.studio.form import ArticleForm, initial
from kefu.web.studio.gate import StaffRequest, for_staff, shell
from kefu.web.studio.worklist import begin_with, chosen


@require_http_methods(["GET", "POST"])
@for_staff("studio.read")
def article(request: StaffRequest, pk: int) -> HttpResponse:
    """GET: the editor. POST: save the draft, or publish it."""
    text = get_object_or_404(Translation.objects.select_related("article__topic"), pk=pk)
    form = ArticleForm(request.POST or None, initial=initial(text))
    if request.method == "POST":
        if not may(request.agent, "studio.write"):
            raise PermissionDenied
        if form.is_valid():
            return _save(request, text, form)
    others = text.article.translations.exclude(pk=text.pk)
    missing = [(c, n) for c, n in settings.LANGUAGES if c not in {o.language for o in others} | {text.language}]
    context = {
        "text": text,
        "form": form,
        "others": others,
        "missing": missing,
        "revisions": text.revisions.select_related("author")[:20],
        "preview": _rendered(initial(text)["body"], text.language),
    }
    return render(request, "studio/article.html", shell(request) | context, status=422 if form.errors else 200)


def _save(request: StaffRequest, text: Translation, form: ArticleForm) -> HttpResponse:
    if request.POST.get("act") == "publish":
        if not may(request.agent, "studio.publish"):
            raise PermissionDenied
        publish(text, form.text(), by=request.user)  # type: ignore[arg-type]
        write(str(request.agent), "article.published", f"{text.article.slug}.{text.language}")
        messages.success(request, _("Published. Readers and the assistant see it now."))
    elif request.POST.get("act") == "review":
        ask_for_review(save_draft(text, form.text()))
        write(str(request.agent), "article.review_asked", f"{text.article.slug}.{text.language}")
        messages.success(request, _("Saved. It waits for somebody who may publish."))
    elif request.POST.get("act") == "plan":
        return _plan(request, text, form)
    elif request.POST.get("act") == "unplan":
        forget_plan(save_draft(text, form.text()))
        messages.success(request, _("It is not planned any more; the draft is kept."))
    else:
        save_draft(text, form.text())
        messages.success(request, _("Draft saved. Readers see the former text until you publish."))
    return redirect("studio-article", text.pk)


def _plan(request: StaffRequest, text: Translation, form: ArticleForm) -> HttpResponse:
    """Publish it later. What was typed is kept as the draft whatever the moment."""
    if not may(request.agent, "studio.publish"):
        raise PermissionDenied
    save_draft(text, form.text())
    at = parse_datetime(request.POST.get("publish_at", ""))
    try:
        if at is None:
            raise NotNow
        plan(text, at if is_aware(at) else make_aware(at), by=request.user)  # type: ignore[arg-type]
        write(str(request.agent), "article.planned", f"{text.article.slug}.{text.language}")
        messages.success(request, _("Planned. It is published at that moment, as it is then."))
    except NotNow:
        messages.error(request, _("Choose a moment that is still to come. The draft is saved."))
    return redirect("studio-article", text.pk)


def _rendered(body: str, language: str) -> str:
    return render_markdown(body, resolve=lambda href: resolve(href, language))


@require_POST
@for_staff("studio.write")
def preview(request: StaffRequest) -> HttpResponse:
    """The text as readers would see it."""
    html = _rendered(request.POST.get("body", "")[:60_000], request.POST.get("language", "en"))
    return render(request, "studio/preview.html", {"preview": html})


@require_http_methods(["GET", "POST"])
@for_staff("studio.write")
def new(request: StaffRequest) -> HttpResponse:
    """A new article, or (``article=…&language=…``) a translation of one that is there."""
    topics = Topic.objects.prefetch_related("translations")
    error = ""
    if request.method == "POST":
        slug = slugify(request.POST.get("slug", ""))[:80]
        language = request.POST.get("language", "")
        topic = topics.filter(slug=request.POST.get("topic", "")).first()
        title = request.POST.get("title", "").strip()[:160]
        found = Article.objects.filter(slug=slug).first()
        if language not in dict(settings.LANGUAGES) or not slug or not title or (found is None and topic is None):
            error = _("Fill in everything; the address may have latin letters, digits and dashes.")
        elif found and found.translations.filter(language=language).exists():
            error = _("There is such an article in this language already.")
        else:
            made = found or Article.objects.create(slug=slug, topic=topic)  # type: ignore[misc]
            text = Translation.objects.create(article=made, language=language, title=title)
            begin_with(text, request.POST.getlist("proposal"))
            write(str(request.agent), "article.created", f"{slug}.{language}")
            return redirect("studio-article", text.pk)
    context = {
        "error": error,
        "values": request.POST or request.GET,
        "proposals": Proposal.objects.filter(pk__in=chosen(request.POST.getlist("proposal") or request.GET.getlist("proposal"))),
        "topics": [(t.slug, t.label(request.LANGUAGE_CODE)) for t in topics],
        "languages": settings.LANGUAGES,
    }
    return render(request, "studio/new.html", shell(request) | context, status=422 if error else 200)


@require_POST
@for_staff("studio.publish")
def withdrawal(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a text away from readers."""
    text = get_object_or_404(Translation.objects.select_related("article"), pk=pk)
    withdraw(text)
    write(str(request.agent), "article.withdrawn", f"{text.article.slug}.{text.language}")
    messages.success(request, _("Withdrawn. Publish it again any time."))
    return redirect("studio-article", pk)


@require_safe
@for_staff("studio.read")
def revision(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What changed between a revision and the text as it is."""
    old = get_object_or_404(Revision.objects.select_related("translation__article", "author"), translation=pk, number=number)
    now = initial(old.translation)
    context = {"revision": old, "text": old.translation, "lines": difference(whole(old), "\n".join(now.values()))}
    return render(request, "studio/revision.html", shell(request) | context)


def whole(revision: Revision) -> str:
    return "\n".join([revision.title, revision.summary, revision.body, "\n".join(revision.questions)])


def difference(old: str, new: str) -> list[tuple[str, str]]:
    """Lines with + (new), - (old) or a blank, three unchanged ones around each change."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=3)
    return [(line[:1], line[1:]) for line in lines if not line.startswith(("---", "+++"))]


@require_POST
@for_staff("studio.write")
def restoration(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Put a revision into the draft."""
    old = Revision.objects.filter(translation=pk, number=number).select_related("translation").first()
    if old is None:
        raise Http404
    restore(old)
    messages.success(request, _("Revision %(n)d is in the draft now. Look at it, then publish.") % {"n": number})
    return redirect(reverse("studio-article", args=[pk]))
