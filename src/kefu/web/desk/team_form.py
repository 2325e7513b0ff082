"""A team, as an administrator fills it in."""

import re
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kefu.people.models import Agent, Team


class TeamForm(forms.ModelForm):
    badges = forms.CharField(
        label=_("Add by badge number"), required=False, max_length=2000, help_text=_("Several are separated by commas or spaces.")
    )

    class Meta:
        model = Team
        fields = ("name", "name_en", "slug", "hand_out")
        labels = {
            "name": _("Name"),
            "name_en": _("Name in English"),
            "slug": _("Short name"),
            "hand_out": _("How tickets find somebody"),
        }
        help_texts = {"slug": _("Conditions, rules and topics call the team by it: team:funds. Latin letters, digits, dashes.")}
        error_messages = {"slug": {"unique": _("Another team has this short name.")}}
        widgets = {"hand_out": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        if self.instance.pk:
            self.fields["slug"].disabled = True  # rules, views and topics name it

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"] or slugify(str(self.data.get("name_en") or self.data.get("name") or ""))[:50]
        if not slug:
            raise forms.ValidationError(_("Give it a short name in Latin letters."))
        if Team.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another team has this short name."))
        return slug

    def clean_badges(self) -> list[str]:
        wanted = [one for one in re.split(r"[\s,;，；、]+", self.cleaned_data["badges"]) if one]
        known = set(Agent.objects.filter(badge__in=wanted, active=True).values_list("badge", flat=True))
        if unknown := [one for one in wanted if one not in known]:
            raise forms.ValidationError(_("Nobody at work has this badge number: %(badge)s"), params={"badge": unknown[0][:20]})
        return wanted
