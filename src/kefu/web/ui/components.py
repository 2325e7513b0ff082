"""The reference page: every component in every state, with German and Arabic as a stress test."""

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET


class Specimen(forms.Form):
    """One field of each kind."""

    txid = forms.CharField(label=_("Transaction hash"), help_text=_("Public information; safe to paste."))
    email = forms.EmailField(label=_("Email"))
    network = forms.ChoiceField(label=_("Network"), choices=[("trc20", "TRON TRC20"), ("erc20", "Ethereum ERC20")])
    story = forms.CharField(label=_("What happened"), widget=forms.Textarea, required=False)
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=[("urgent", _("Urgent")), ("normal", _("Normal"))],
        widget=forms.RadioSelect,
        initial="normal",
    )
    proof = forms.FileField(label=_("Screenshot"), required=False)
    notify = forms.BooleanField(label=_("Tell me when it has arrived"), required=False)


@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    form = Specimen({"email": "li@mail", "txid": "7c2f9e41", "network": "trc20", "urgency": "normal"})
    form.is_valid()
    now = timezone.now()
    moments = [now - timedelta(seconds=40), now - timedelta(hours=3), now - timedelta(days=12)]
    return render(
        request,
        "ui/components.html",
        {
            "form": form,
            "moments": moments,
            "crumbs": [(_("Help"), "/"), (_("Components and states"), "")],
            "tabs": [
                {"label": _("In progress"), "url": "#", "current": True, "count": 3},
                {"label": _("Waiting for me"), "url": "#", "count": 1, "urgent": True},
                {"label": _("Solved"), "url": "#", "count": 14},
            ],
        },
    )
