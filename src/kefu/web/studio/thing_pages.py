"""The pages of everything that is edited whole: list, form, preview, removal, taking a change back."""

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kefu.knowledge.models import Change
from kefu.people.permissions import may
from kefu.web.studio.catalogue import THINGS
from kefu.web.studio.gate import StaffRequest, for_staff, shell
from kefu.web.studio.news import shown
from kefu.web.studio.things import Changed, Data, Thing, history, name_of, store, take_back


@require_safe
@for_staff("studio.read")
def things(request: StaffRequest, code: str) -> HttpResponse:
    """All of one kind, narrowed by words."""
    thing = _thing(code)
    query = request.GET.get("q", "").strip()[:100]
    rows = thing.list(get_language() or "en")
    words = query.casefold()
    found = [row for row in rows if words in f"{row.key} {row.title} {row.detail}".casefold()]
    removed = [c for c in Change.objects.filter(kind=code, after__isnull=True, taken_back=False)[:5] if thing.read(c.key) is None]
    context = {"thing": thing, "rows": found, "query": query, "may_edit": may(request.agent, thing.act), "removed": removed}
    return render(request, "studio/things.html", shell(request) | context)


@require_http_methods(["GET", "POST"])
@for_staff("studio.read")
def thing(request: StaffRequest, code: str, key: str = "") -> HttpResponse:
    """One of them: look (GET), change or make (POST). What somebody else changed meanwhile is never overwritten unseen."""
    thing = _thing(code)
    data = thing.read(key) if key else None
    if key and data is None:
        raise Http404
    post = request.POST if request.method == "POST" else None
    form, rows = _forms(thing, key, data, post)
    problem, status = "", 200
    if post is not None:
        if not may(request.agent, thing.act):
            raise PermissionDenied
        problem, status = _("Not saved yet. Look at the marked places; everything you typed is still here."), 422
        if form.is_valid() and (rows is None or rows.is_valid()):
            problem, status = _save(request, thing, key, data, form, rows)
            if not problem:
                return redirect("studio-thing", code, request.saved_key)  # type: ignore[attr-defined]
    context = {
        "thing": thing,
        "key": key,
        "form": form,
        "rows": rows,
        "seen": post.get("seen", "") if post and status != 409 else stamp(data),
        "problem": problem,
        "may_edit": may(request.agent, thing.act),
        "changes": [(c, name_of(c.by)) for c in history(thing, key)] if key else [],
        "title": next((row.title for row in thing.list(get_language() or "en") if row.key == key), key) if key else _("New"),
        **(_previewed(data, thing) if data else {}),
    }
    return render(request, "studio/thing.html", shell(request) | context, status=status)


def _save(request: StaffRequest, thing: Thing, key: str, data: Data | None, form: Any, rows: Any) -> tuple[str, int]:
    """Words why not, with the status; empty when it is stored."""
    try:
        fresh_key, fresh = thing.collect(form, rows)
        if key and request.POST.get("seen", "") not in {"", stamp(data)}:
            return _("Somebody changed this while you were writing. Your words are still here; saving again replaces theirs."), 409
        if fresh_key != key and thing.read(fresh_key) is not None and not (key == "" and thing.code == "flows"):
            return _("There is one with this address already."), 422
        change = store(thing, fresh_key, fresh, by=request.agent)
        if key and fresh_key != key:
            store(thing, key, None, by=request.agent)
    except ValueError as error:
        return str(error), 422
    request.saved_key = fresh_key  # type: ignore[attr-defined]
    messages.success(request, _("Saved. It counts from now on.") if change else _("Nothing was different."))
    return "", 200


@require_POST
@for_staff("studio.read")
def removal(request: StaffRequest, code: str, key: str) -> HttpResponse:
    thing = _thing(code)
    if not may(request.agent, thing.act):
        raise PermissionDenied
    try:
        store(thing, key, None, by=request.agent)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("studio-thing", code, key)
    messages.success(request, _("Removed. You can take it back below."))
    return redirect("studio-things", code)


@require_POST
@for_staff("studio.read")
def taking_back(request: StaffRequest, code: str, pk: int) -> HttpResponse:
    """Undo a change, unless something else happened to the same thing since."""
    thing = _thing(code)
    if not may(request.agent, thing.act):
        raise PermissionDenied
    change = get_object_or_404(Change, pk=pk, kind=code)
    try:
        take_back(thing, change, by=request.agent)
        messages.success(request, _("Taken back: it is as it was before."))
    except Changed:
        messages.error(request, _("It was changed again since; take back the newer change first."))
    except ValueError as error:
        messages.error(request, str(error))
    if thing.read(change.key) is None:
        return redirect("studio-things", code)
    return redirect("studio-thing", code, change.key)


@require_POST
@for_staff("studio.read")
def preview(request: StaffRequest, code: str) -> HttpResponse:
    """What customers would see of what is typed now."""
    thing = _thing(code)
    form, rows = _forms(thing, request.POST.get("slug", ""), None, request.POST)
    if not thing.preview or not form.is_valid() or (rows is not None and not rows.is_valid()):
        return render(request, "studio/previews/none.html")
    try:
        _key, data = thing.collect(form, rows)
    except ValueError as error:
        return render(request, "studio/previews/none.html", {"reason": error})
    return render(request, thing.preview, _previewed(data, thing))


def _forms(thing: Thing, key: str, data: Data | None, post: Any) -> tuple[Any, Any]:
    form = thing.form(data, post)
    if "slug" in form.fields and key:
        form.initial["slug"] = key
    return form, thing.rows(data, post) if thing.rows else None


def _previewed(data: Data, thing: Thing) -> dict[str, Any]:
    language = get_language() or "en"
    questions = [
        {
            "ask": _text(one.get("ask") or one.get("label"), language),
            "help": _text(one.get("help"), language),
            "choices": [_text(choice, language) for choice in one.get("choices", [])],
            "required": one.get("required", True),
            "type": one["type"],
        }
        for one in data.get("step") or data.get("fields") or []
    ]
    opening, closing = _text(data.get("opening"), language), _text(data.get("closing"), language)
    news = shown(data) if thing.code == "announcements" else []
    return {"data": data, "questions": questions, "opening": opening, "closing": closing, "news": news, "preview_template": thing.preview}


def _text(texts: dict[str, str] | None, language: str) -> str:
    return str((texts or {}).get(language) or (texts or {}).get("en") or "")


def _thing(code: str) -> Thing:
    if code not in THINGS:
        raise Http404
    return THINGS[code]


def stamp(data: Data | None) -> str:
    """A mark of how it was when the form was opened."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:16] if data else ""
