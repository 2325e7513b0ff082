"""/shield/<script>.txt: the words of seed phrases, for the browser to look before it sends."""

from functools import lru_cache

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kefu.text.secrets.wordlists import lexicon

BY_SCRIPT = {
    "latin": ("english", "spanish", "french", "italian", "portuguese", "czech", "turkish"),
    "cyrillic": ("russian",),
    "hangul": ("korean",),
    "kana": ("japanese",),
    "han": ("chinese_simplified", "chinese_traditional"),
}


@require_safe
@cache_control(max_age=7 * 24 * 3600, public=True)
def words(request: HttpRequest, script: str) -> HttpResponse:
    """One word a line, folded, each list in its own order, an empty line between two lists."""
    if script not in BY_SCRIPT:
        raise Http404
    return HttpResponse(_lines(script), content_type="text/plain; charset=utf-8")


@lru_cache(maxsize=len(BY_SCRIPT))
def _lines(script: str) -> str:
    lists = (sorted(lexicon()[name].items(), key=lambda entry: entry[1]) for name in BY_SCRIPT[script])
    return "\n\n".join("\n".join(word for word, _ in words) for words in lists)
