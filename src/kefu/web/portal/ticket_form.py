"""The form of a ticket: the topic's own typed fields, the story, how urgent it is, and where the answer goes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kefu.topics.models import Topic
from kefu.web.typed_fields import TypedFields

URGENCIES = ("normal", "high", "urgent")
LONGEST_STORY = 10_000


class TicketForm(TypedFields):
    """``topic`` decides the fields; ``language`` their words; ``guest`` whether a mailbox must be given and proven."""

    text = forms.CharField(
        label=gettext_lazy("What happened?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST_STORY,
        error_messages={"required": gettext_lazy("Tell us in a sentence or two what happened.")},
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How urgent is it?"),
        choices=[
            ("normal", gettext_lazy("Normal")),
            ("high", gettext_lazy("Fairly urgent")),
            ("urgent", gettext_lazy("Urgent")),
        ],
        initial="normal",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, topic: Topic, language: str, guest: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_typed(topic, language)
        if guest:
            self.fields["email"] = forms.EmailField(
                label=_("Your mailbox"),
                help_text=_("The answer goes there. We send a code first, so that nobody can write in your name."),
                error_messages={"required": _("Give the mailbox to which we may answer.")},
            )
            self.fields["code"] = forms.CharField(
                label=_("Code from the mail"),
                max_length=12,
                error_messages={"required": _("Press “Send code” and type the six digits from the mail.")},
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
            )
