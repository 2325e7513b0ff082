"""/errors/: the API's error codes, searchable by code or by words, each with its cause and what to do."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import ErrorCode
from kefu.text.secrets import redact
from kefu.web.help.alternates import alternates


@dataclass(frozen=True)
class Shown:
    """An error code in the reader's language."""

    code: str
    http: int | None
    name: str
    cause: str
    fix: str
    article: str


def error_codes(query: str, language: str) -> list[Shown]:
    """Those that fit: an exact code alone, else all whose code begins so or whose texts hold every word."""
    rows = [
        Shown(
            row.code,
            row.http,
            row.text("names", language),
            row.text("causes", language),
            row.text("fixes", language),
            row.article.slug if row.article else "",
        )
        for row in ErrorCode.objects.select_related("article")
    ]
    wanted = query.casefold().strip()
    if exact := [row for row in rows if row.code.casefold() == wanted]:
        return exact
    words = wanted.split()
    return [
        row for row in rows if all(word in f"{row.code} {row.http or ''} {row.name} {row.cause} {row.fix}".casefold() for word in words)
    ]


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    query = redact(request.GET.get("q", "")[:100]).text
    context = {"query": query, "codes": error_codes(query, get_language() or "en"), "alternates": alternates("help-errors")}
    template = "help/error_list.html" if request.headers.get("HX-Request") else "help/errors.html"
    return render(request, template, context)
