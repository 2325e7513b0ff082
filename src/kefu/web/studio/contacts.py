"""The official contacts in the studio: what “Is it really us?” confirms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kefu.people.models import OfficialContact
from kefu.people.models.contact import contact_key
from kefu.web.studio.fields import SafeForm, gathered, in_languages, spread
from kefu.web.studio.things import Data, Row, Thing


class ContactForm(SafeForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=OfficialContact.Kind.choices)
    address = forms.CharField(label=_("Address, number or account"), max_length=200, help_text=_("Exactly as customers see it."))
    reaches = forms.ChoiceField(label=_("Does it turn to customers first?"), choices=OfficialContact.Reaches.choices)
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        in_languages(self, "note", _("Note"), required=False, most=120)

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip()
        if len(contact_key(address)) < 3:
            raise forms.ValidationError(_("This is too short to be told from others."))
        return address


def rows(language: str) -> list[Row]:
    return [Row(one.key, one.address, f"{one.get_kind_display()} · {one.note(language)}") for one in OfficialContact.objects.all()]


def read(key: str) -> Data | None:
    one = OfficialContact.objects.filter(key=key).first()
    return one and {"kind": one.kind, "address": one.address, "reaches": one.reaches, "position": one.position, "notes": one.notes}


def write(key: str, data: Data | None) -> None:
    if data is None:
        OfficialContact.objects.filter(key=key).delete()
    else:
        OfficialContact.objects.update_or_create(key=key, defaults=data)


def form(data: Data | None, post: Any) -> ContactForm:
    return ContactForm(post, initial=(data | spread(data["notes"], "note")) if data else {})


def collect(form: Any, _rows: Any) -> tuple[str, Data]:
    values = form.cleaned_data
    data = {name: values[name] for name in ("kind", "address", "reaches", "position")}
    return contact_key(values["address"]), data | {"notes": gathered(values, "note")}


CONTACTS = Thing("contacts", _("Official contacts"), "shield", "settings.write", rows, read, write, form, collect,
                 help=_("“Is it really us?” confirms exactly these. Whatever is missing here counts as not ours."))  # fmt: skip
