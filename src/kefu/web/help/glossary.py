"""The glossary, and its terms explained on hover in every article."""

import html as html_module
import re
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kefu.knowledge.models import Term
from kefu.knowledge.shelf import shelf
from kefu.web.help.alternates import alternates

TAG = re.compile(r"(<[^>]+>)")
QUIET = re.compile(r"^<(/?)(a|code|pre|h[1-6]|abbr|th)\b", re.I)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    terms = Term.objects.filter(language=get_language() or "en").select_related("article")
    return render(request, "help/glossary.html", {"terms": terms, "alternates": alternates("help-glossary")})


def explain(html: str, language: str) -> SafeString:
    """``html`` (safe already) with the first use of each glossary term outside links, code and headings explained."""
    pattern, definitions = _terms(language, shelf.listed().listed_version)
    if pattern is None:
        return mark_safe(html)
    depth, seen, parts = 0, set(), []

    def mark(match: re.Match[str]) -> str:
        written = match.group()
        name, definition = definitions[html_module.unescape(written).casefold()]
        if name in seen:
            return written
        seen.add(name)
        return f'<abbr title="{html_module.escape(definition)}" tabindex="0">{written}</abbr>'

    for part in TAG.split(html):
        if quiet := QUIET.match(part):
            depth += -1 if quiet[1] else 1
        parts.append(part if part.startswith("<") or depth > 0 else pattern.sub(mark, part))
    return mark_safe("".join(parts))


@lru_cache(maxsize=8)
def _terms(language: str, version: int) -> tuple[re.Pattern[str] | None, dict[str, tuple[str, str]]]:
    definitions: dict[str, tuple[str, str]] = {}
    for term in Term.objects.filter(language=language):
        for form in [term.name, *term.also]:
            if len(form) > 1:
                definitions[form.casefold()] = (term.name, term.definition)
    if not definitions:
        return None, {}
    forms = sorted((re.escape(html_module.escape(form)) for form in definitions), key=len, reverse=True)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(forms)})(?![A-Za-z0-9])", re.I), definitions
