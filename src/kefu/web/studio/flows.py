"""Guided flows in the studio: what the assistant asks, one question at a time, before a person takes over."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.bot.flow_files import data_of
from kefu.topics.models import Topic
from kefu.web.studio.fields import SafeForm, choices_of, choices_text, gathered, in_languages, ordered, question_rows, repeated, spread
from kefu.web.studio.things import Data, Row, Thing


class FlowForm(SafeForm):
    slug = forms.SlugField(label=_("Topic"), max_length=50)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "title", _("Title"), most=120)
        in_languages(self, "opening", _("What is said first"), rows=2, most=600)
        in_languages(self, "closing", _("What is said at the end"), rows=2, most=600)

    def clean_slug(self) -> str:
        slug = str(self.cleaned_data["slug"])
        if not Topic.objects.filter(slug=slug).exists():
            raise forms.ValidationError(_("There is no topic with this address."))
        return slug


def rows(language: str) -> list[Row]:
    topics = Topic.objects.filter(parent=None).prefetch_related("translations")
    found = [(topic, data_of(topic.slug)) for topic in topics]
    return [
        Row(
            topic.slug,
            topic.label(language),
            ", ".join(step["field"] for step in data["step"]),
            str(_("Edited here")) if topic.flow else "",
        )
        for topic, data in found
        if data
    ]


def read(key: str) -> Data | None:
    return data_of(key)


def write(key: str, data: Data | None) -> None:
    """None: the topic's own text goes; the file that came with the content counts again, if there is one."""
    Topic.objects.filter(slug=key).update(flow=data)


def form(data: Data | None, post: Any) -> FlowForm:
    return FlowForm(post, initial={k: v for n in ("title", "opening", "closing") for k, v in spread(data[n], n).items()} if data else {})


def steps(data: Data | None, post: Any) -> Any:
    found = [
        {
            "name": step["field"],
            "type": step["type"],
            "required": step.get("required", True),
            "choices": choices_text(step.get("choices", [])),
            "when": f"{step['when']['field']} = {step['when']['is']}" if step.get("when") else "",
            **spread(step["ask"], "ask"),
            **spread(step.get("help"), "help"),
        }
        for step in (data or {}).get("step", [])
    ]
    return question_rows(found, post)


def collect(form: Any, rows: Any) -> tuple[str, Data]:
    values, typed = form.cleaned_data, ordered(rows)
    if not typed:
        raise ValueError(_("A flow needs at least one question."))
    if name := repeated(typed):
        raise ValueError(_("Two fields are named %(name)s.") % {"name": name})
    made: list[Data] = []
    for row in typed:
        step: Data = {"field": row["name"], "type": row["type"], "required": row["required"], "ask": gathered(row, "ask")}
        step["help"] = gathered(row, "help")
        if row["type"] == "choice":
            step["choices"] = choices_of(row["choices"])
        if row["when"]:
            field, _equals, value = (part.strip() for part in row["when"].partition("="))
            if field not in {one["field"] for one in made}:
                raise ValueError(_("“%(when)s” names a question that does not come before it.") % {"when": row["when"]})
            step["when"] = {"field": field, "is": value}
        made.append(step)
    texts = {name: gathered(values, name) for name in ("title", "opening", "closing")}
    before = data_of(values["slug"]) or {}
    return values["slug"], {"topic": values["slug"], **texts, "advice": before.get("advice", []), "step": made}


FLOWS = Thing("flows", _("Guided flows"), "bolt", "settings.write", rows, read, write, form, collect, rows=steps,
              preview="studio/previews/questions.html",
              help=_("Answers are checked by their type as they are typed; customers can stop any time and resume."))  # fmt: skip
