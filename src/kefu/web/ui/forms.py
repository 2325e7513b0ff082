"""Form fields: label, control, hint and error, tied together for screen readers."""

from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, FileInput, RadioSelect, Textarea
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

TEMPLATES: tuple[tuple[type, str], ...] = (
    (RadioSelect, "ui/field_choices.html"),
    (CheckboxSelectMultiple, "ui/field_choices.html"),
    (CheckboxInput, "ui/field_check.html"),
    (FileInput, "ui/field_file.html"),
)


def described_by(bound: BoundField, hint: str) -> str:
    """The ids of hint and error, in reading order."""
    ids = [f"{bound.auto_id}-hint"] if hint else []
    return " ".join([*ids, f"{bound.auto_id}-error"] if bound.errors else ids)


def field(bound: BoundField, hint: str = "", **attributes: Any) -> SafeString:
    """``{% field form.email hint="…" placeholder="…" %}``: one field of a form, complete.

    ``hint`` replaces the field's help text. Other arguments become attributes of the control; underscores
    turn into hyphens (``hx_post`` → ``hx-post``); ``mono=True`` sets it in the typewriter face.
    """
    hint = hint or str(bound.help_text)
    widget = bound.field.widget
    template = next((path for kind, path in TEMPLATES if isinstance(widget, kind)), "ui/field.html")
    given = {name.replace("_", "-"): value for name, value in attributes.items() if name != "mono"}
    if template == "ui/field.html":
        given["class"] = "input mono" if attributes.get("mono") else "input"
    if isinstance(widget, Textarea):
        given.setdefault("rows", 4)
    if ids := described_by(bound, hint):
        given["aria-describedby"] = ids
    if bound.errors:
        given["aria-invalid"] = "true"
    control = bound.as_widget(attrs=given) if template != "ui/field_choices.html" else ""
    return render_to_string(template, {"field": bound, "control": control, "hint": hint, "multiple": widget.attrs.get("multiple")})
