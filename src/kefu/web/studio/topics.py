"""Topics in the studio: the one taxonomy, with the typed fields that a case of each topic needs."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kefu.knowledge.publish import bump
from kefu.people.models import Team
from kefu.topics.models import Topic, TopicTranslation
from kefu.web.studio.fields import (
    SafeForm,
    checklist_text,
    choices_of,
    choices_text,
    gathered,
    in_languages,
    ordered,
    question_rows,
    read_checklist,
    repeated,
    spread,
)
from kefu.web.studio.things import Data, Row, Thing
from kefu.web.ui.icons import drawings

NEEDS = [
    ("anonymous", _("Nothing")),
    ("mailbox", _("The mailbox")),
    ("app", _("The account, in the app")),
    ("address", _("A known withdrawal address")),
    ("document", _("Document and face")),
]
URGENCIES = [("low", _("Low")), ("normal", _("Normal")), ("high", _("High")), ("urgent", _("Urgent"))]


class TopicForm(SafeForm):
    slug = forms.SlugField(label=_("Address (latin letters and dashes)"), max_length=50)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        language = get_language() or "en"
        in_languages(self, "name", _("Its name"), most=80)
        in_languages(self, "summary", _("What belongs here"), required=False, most=300)
        tops = [(t.slug, t.label(language)) for t in Topic.objects.filter(parent=None).prefetch_related("translations")]
        teams = [(team.slug, team.label(language)) for team in Team.objects.order_by("slug")]
        icons = [(one, one) for one in drawings()]
        self.fields["parent"] = forms.ChoiceField(label=_("Belongs to"), required=False, choices=[("", "–"), *tops])
        self.fields["team"] = forms.ChoiceField(label=_("Team"), required=False, choices=[("", "–"), *teams])
        self.fields["icon"] = forms.ChoiceField(label=_("Icon"), required=False, choices=[("", "–"), *icons])
        self.fields["urgency"] = forms.ChoiceField(label=_("How much a delay costs"), choices=URGENCIES, initial="normal")
        self.fields["needs"] = forms.ChoiceField(label=_("What must be proven before personal data is given"), choices=NEEDS)
        self.fields["checklist"] = forms.CharField(
            label=_("Checklist of staff, one item a line: name | Chinese | English"),
            help_text=_(
                "An exclamation mark before the name: it must be ticked before the case is solved. A topic without a list has its parent’s."
            ),
            required=False,
            max_length=6000,
            widget=forms.Textarea(attrs={"rows": 5}),
        )
        self.fields["is_service"] = forms.BooleanField(label=_("Has a line on the status page"), required=False)
        self.fields["position"] = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=9999, initial=100)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("parent") and values["parent"] == values.get("slug"):
            self.add_error("parent", _("A topic cannot belong to itself."))
        try:
            read_checklist(values.get("checklist", ""))
        except ValueError as error:
            self.add_error("checklist", str(error))
        return values


def rows(language: str) -> list[Row]:
    topics = list(Topic.objects.select_related("parent", "team").prefetch_related("translations"))
    return [
        Row(
            topic.slug,
            f"{topic.parent.label(language)} › {topic.label(language)}" if topic.parent else topic.label(language),
            " · ".join(filter(None, [topic.team.label(language) if topic.team else "", ", ".join(f["name"] for f in topic.fields)])),
        )
        for topic in topics
    ]


def read(key: str) -> Data | None:
    topic = Topic.objects.filter(slug=key).select_related("parent", "team").prefetch_related("translations").first()
    if topic is None:
        return None
    return {
        "name": {t.language: t.name for t in topic.translations.all()},
        "summary": {t.language: t.summary for t in topic.translations.all() if t.summary},
        "parent": topic.parent.slug if topic.parent else "",
        "team": topic.team.slug if topic.team else "",
        "fields": topic.fields,
        "checklist": topic.checklist,
        **{name: getattr(topic, name) for name in ("icon", "urgency", "needs", "position", "is_service")},
    }


def write(key: str, data: Data | None) -> None:
    """A topic with articles, conversations or topics below it cannot be removed: what lies there would lose its place."""
    topic = Topic.objects.filter(slug=key).first()
    if data is None:
        if topic and (topic.children.exists() or topic.articles.exists() or topic.conversations.exists()):
            raise ValueError(_("Articles, conversations or other topics belong to it. Move them first."))
        Topic.objects.filter(slug=key).delete()
        bump()
        return
    parent = Topic.objects.filter(slug=data["parent"]).first() if data["parent"] else None
    if parent and topic and (parent.parent_id or topic.children.exists()):
        raise ValueError(_("There are two levels: a topic with topics below it stays at the top."))
    with transaction.atomic():
        values = {name: data[name] for name in ("icon", "urgency", "needs", "position", "fields")}
        values["checklist"] = data.get("checklist", [])
        values["is_service"] = bool(data.get("is_service"))  # kept versions of before it was known have none
        values |= {"parent": parent, "team": Team.objects.filter(slug=data["team"]).first() if data["team"] else None}
        topic, _made = Topic.objects.update_or_create(slug=key, defaults=values)
        topic.translations.exclude(language__in=data["name"]).delete()
        for code, name in data["name"].items():
            text = {"name": name, "summary": data["summary"].get(code, "")}
            TopicTranslation.objects.update_or_create(topic=topic, language=code, defaults=text)
        bump()


def form(data: Data | None, post: Any) -> TopicForm:
    names = ("parent", "team", "icon", "urgency", "needs", "position", "is_service")
    start = {n: data.get(n) for n in names} | {"checklist": checklist_text(data.get("checklist", []))} if data else {}
    return TopicForm(post, initial=start | ({**spread(data["name"], "name"), **spread(data["summary"], "summary")} if data else {}))


def fields(data: Data | None, post: Any) -> Any:
    found = [
        {
            **{n: f.get(n, "") for n in ("name", "type", "required")},
            **spread(f.get("label"), "ask"),
            **spread(f.get("help"), "help"),
            "choices": choices_text(f.get("choices", [])),
        }
        for f in (data or {}).get("fields", [])
    ]
    return question_rows(found, post)


def collect(form: Any, rows: Any) -> tuple[str, Data]:
    values, typed = form.cleaned_data, ordered(rows)
    if name := repeated(typed):
        raise ValueError(_("Two fields are named %(name)s.") % {"name": name})
    made = []
    for row in typed:
        one = {"name": row["name"], "type": row["type"], "required": row["required"], "label": gathered(row, "ask")}
        if help_text := gathered(row, "help"):
            one["help"] = help_text
        if row["type"] == "choice":
            one["choices"] = choices_of(row["choices"])
        made.append(one)
    data = {name: values[name] for name in ("parent", "team", "icon", "urgency", "needs", "position", "is_service")}
    data["checklist"] = read_checklist(values["checklist"])
    return values["slug"], data | {"name": gathered(values, "name"), "summary": gathered(values, "summary"), "fields": made}


TOPICS = Thing("topics", _("Topics"), "layers", "settings.write", rows, read, write, form, collect, rows=fields,
               preview="studio/previews/questions.html",
               help=_("Help-centre category, ticket form, chat menu and routing skill in one. No field may ask for a secret."))  # fmt: skip
