"""/desk/tickets/new/: an agent opens a ticket for a customer, with the topic's own fields."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kefu.conversations.errors import Refused, TooLong
from kefu.conversations.open_for import NoMailbox, customer_for, open_for
from kefu.topics.models import Topic, by_slug
from kefu.web.desk.gate import AgentRequest, for_agents
from kefu.web.desk.inbox import shell
from kefu.web.desk.sending import why_not
from kefu.web.typed_fields import TypedFields

LONGEST = 20_000


class TicketFor(TypedFields):
    """``topic`` decides the typed fields, of which none is needed: an agent begins with what is known."""

    who = forms.CharField(
        label=gettext_lazy("Customer’s mailbox or UID"),
        max_length=254,
        error_messages={"required": gettext_lazy("Say whose ticket it is: a mailbox, or the UID of an account.")},
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80, required=False, help_text=gettext_lazy("For somebody new."))
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    mode = forms.ChoiceField(
        label=gettext_lazy("It begins with"),
        choices=[("note", gettext_lazy("A note for colleagues")), ("mail", gettext_lazy("A mail to the customer"))],
        initial="note",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what it is about, or the mail.")},
    )

    def __init__(self, *args: Any, topic: Topic | None, interface: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_typed(topic, interface, needed=False)

    def clean_who(self) -> str:
        typed = str(self.cleaned_data["who"]).strip()
        if typed.isdecimal() and 6 <= len(typed) <= 12:
            return typed
        try:
            validate_email(typed)
        except ValidationError:
            raise ValidationError(_("“%(who)s” is no mail address and no UID.") % {"who": typed[:80]}) from None
        return typed.lower()


@require_http_methods(["GET", "POST"])
@for_agents("desk.answer")
def new(request: AgentRequest) -> HttpResponse:
    """The form; a change of topic draws its fields anew and keeps what was typed."""
    given = request.POST if request.method == "POST" else None
    slug = (given or request.GET).get("topic", "")
    topic = by_slug.first(slug[:50]) if slug else None
    interface = get_language() or "en"
    only_drawn = given is not None and ("look" in given or request.headers.get("HX-Target") == "ticket-fields")
    form = TicketFor(given, topic=topic, interface=interface, initial={"language": interface, "who": request.GET.get("who", "")[:254]})
    if given is not None and not only_drawn and form.is_valid() and (made := _opened(request, form, topic)):
        return redirect("desk-conversation", made)
    if only_drawn:
        form = TicketFor(topic=topic, interface=interface, initial={name: given.get(name, "") for name in form.fields})  # type: ignore[union-attr]
    topics = Topic.objects.select_related("parent").prefetch_related("translations")
    names = [
        (one.slug, f"{one.parent.label(interface)} › {one.label(interface)}" if one.parent else one.label(interface)) for one in topics
    ]
    context = {
        "form": form,
        "topics": names,
        "topic": topic.slug if topic else "",
        "key": given["key"][:64] if given and given.get("key") else uuid4().hex,
    }
    return render(request, "desk/ticket_new.html", shell(request) | context, status=422 if form.errors else 200)


def _opened(request: AgentRequest, form: TicketFor, topic: Topic | None) -> Any:
    """The new ticket's uid; None with what is wrong in the form."""
    values = form.cleaned_data
    who, language = values["who"], values["language"]
    customer = customer_for(mailbox=who if "@" in who else "", uid="" if "@" in who else who, name=values["name"], language=language)
    if customer is None:
        form.add_error("who", _("Nobody with this UID has proven the account here. Give the mailbox; the UID can stand in the fields."))
        return None
    try:
        return open_for(
            customer,
            values["text"],
            by=request.agent,
            by_mail=values["mode"] == "mail",
            topic=topic,
            language=language,
            subject=values["subject"],
            fields=form.typed_values,
            key=request.POST.get("key", "")[:64],
        ).uid
    except NoMailbox:
        form.add_error("who", _("We know no mailbox of this customer: begin with a note, or give the mailbox."))
    except (Refused, TooLong) as error:
        form.add_error("text", why_not(error))
    return None
