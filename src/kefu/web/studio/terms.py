"""Glossary terms in the studio: a name, other spellings and a definition in each language."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kefu.knowledge.models import Article, Term
from kefu.knowledge.publish import bump
from kefu.web.studio.fields import SafeForm, gathered, in_languages, spread
from kefu.web.studio.things import Data, Row, Thing


class TermForm(SafeForm):
    slug = forms.SlugField(label=_("Address (latin letters and dashes)"), max_length=60)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "name", _("Term"), most=80)
        in_languages(self, "also", _("Other spellings, with commas"), required=False, most=300)
        in_languages(self, "definition", _("Definition"), rows=3, most=500)
        self.fields["article"] = forms.SlugField(label=_("Article about it"), required=False, max_length=80, help_text=_("Its address."))

    def clean_article(self) -> str:
        slug = str(self.cleaned_data["article"])
        if slug and not Article.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is no article with this address."))
        return slug


def rows(language: str) -> list[Row]:
    found = Term.objects.filter(language=language).order_by("name")
    return [Row(term.slug, term.name, term.definition) for term in found]


def read(key: str) -> Data | None:
    found = {term.language: term for term in Term.objects.filter(slug=key).select_related("article")}
    if not found:
        return None
    article = next((term.article.slug for term in found.values() if term.article), "")
    return {
        "name": {code: term.name for code, term in found.items()},
        "also": {code: ", ".join(term.also) for code, term in found.items() if term.also},
        "definition": {code: term.definition for code, term in found.items()},
        "article": article,
    }


def write(key: str, data: Data | None) -> None:
    with transaction.atomic():
        Term.objects.filter(slug=key).exclude(language__in=(data or {}).get("name", {})).delete()
        article = Article.objects.filter(slug=(data or {}).get("article", "")).first()
        for code, name in (data or {}).get("name", {}).items():
            also = [one.strip() for one in (data or {})["also"].get(code, "").replace("，", ",").split(",") if one.strip()]
            values = {"name": name, "also": also, "definition": (data or {})["definition"].get(code, ""), "article": article}
            Term.objects.update_or_create(slug=key, language=code, defaults=values)
        bump()


def form(data: Data | None, post: Any) -> TermForm:
    start = (
        {"article": data["article"]} | {k: v for n in ("name", "also", "definition") for k, v in spread(data[n], n).items()} if data else {}
    )
    return TermForm(post, initial=start)


def collect(form: Any, _rows: Any) -> tuple[str, Data]:
    values = form.cleaned_data
    texts = {name: gathered(values, name) for name in ("name", "also", "definition")}
    tidy = {
        code: ", ".join(one.strip() for one in text.replace("，", ",").split(",") if one.strip()) for code, text in texts["also"].items()
    }
    return values["slug"], {**texts, "also": tidy, "article": values["article"]}


TERMS = Thing("terms", _("Glossary"), "quote", "studio.publish", rows, read, write, form, collect, preview="studio/previews/term.html",
              help=_("Explained on hover wherever an article uses the term for the first time."))  # fmt: skip
