"""What is known of a member of staff, as a leader fills it in: skills and load by leaders, accounts by administrators."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kefu.people.models import Agent, Team, User
from kefu.people.staff import LastAdministrator, create_agent, must_not_be_last
from kefu.topics.models import Topic
from kefu.web.desk import labels, staff_words

LANGUAGES = ("zh-hans", "zh-hant", "en", "es", "ru", "tr", "vi", "pt", "fr", "de", "ja", "ko", "ar", "id", "th", "uk", "fa", "hi")
PLANNED = ("teams", "languages", "topics", "level", "capacity", "takes_automatically")
ACCOUNT = ("email", "alias", "alias_en", "badge", "role")


class AgentForm(forms.ModelForm):
    email = forms.EmailField(label=_("Email"), max_length=254, help_text=_("They sign in with it. Customers never see it."))
    teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("slug"), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )
    topics = forms.ModelMultipleChoiceField(
        Topic.objects.filter(parent=None).prefetch_related("translations"),
        label=_("Topics"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: everything that comes to the teams."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: any language.")
    )
    level = forms.TypedChoiceField(label=_("Rung"), coerce=int, help_text=_("How far up the customers’ ladder they serve."))
    capacity = forms.IntegerField(label=_("Live talks at once"), min_value=0, max_value=50)

    class Meta:
        model = Agent
        fields = ("alias", "alias_en", "badge", "role", "teams", "languages", "topics", "level", "capacity", "takes_automatically")
        labels = {
            "alias": _("Name"),
            "alias_en": _("Name in Latin letters"),
            "badge": _("Badge number"),
            "role": _("Role"),
            "takes_automatically": _("Gets talks and tickets automatically"),
        }
        help_texts = {
            "alias": _("Customers see it beside the badge number."),
            "badge": _("Customers check it at “Is it really us?”. Left empty, one is made up."),
        }
        error_messages = {"badge": {"unique": _("A colleague has this badge number.")}}

    def __init__(self, *args: Any, accounts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader = get_language() or "en"
        found = self.fields
        if self.instance.pk:
            found["email"].initial = self.instance.user.email
        known = [*LANGUAGES, *(code for code in self.instance.languages if code not in LANGUAGES)]
        found["languages"].choices = [(code, labels.language(code)) for code in known]  # type: ignore[attr-defined]
        found["level"].choices = [(rung, labels.rung(rung)) for rung in (1, 2, 3, 4)]  # type: ignore[attr-defined]
        found["role"].choices = [(role.value, staff_words.role(role.value)) for role in Agent.Role]  # type: ignore[attr-defined]
        found["teams"].label_from_instance = lambda team: team.label(reader)  # type: ignore[attr-defined]
        found["topics"].label_from_instance = lambda topic: topic.label(reader)  # type: ignore[attr-defined]
        found["badge"].required = False
        found["badge"].validators.append(RegexValidator(r"^[A-Za-z0-9-]+\Z", _("Letters, digits and dashes only.")))
        if not accounts:
            for name in ACCOUNT:
                found[name].disabled = True

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.user_id).exists():
            raise forms.ValidationError(_("This address has an account already, perhaps as a customer."))
        return email

    def clean_badge(self) -> str:
        badge = str(self.cleaned_data["badge"]).strip()
        return badge or self.instance.badge

    def clean_role(self) -> str:
        role = str(self.cleaned_data["role"])
        if self.instance.pk and role != Agent.Role.ADMINISTRATOR:
            try:
                with transaction.atomic():
                    must_not_be_last(self.instance)
            except LastAdministrator as error:
                raise forms.ValidationError(
                    _("The last administrator keeps the role: somebody must be able to set things right.")
                ) from error
        return role

    @transaction.atomic
    def keep(self) -> tuple[Agent, dict[str, list[Any]]]:
        """Save, a new account included; the agent, and what changed as ``name: [before, after]``."""
        data = self.cleaned_data
        before = written(self.instance) if self.instance.pk else {}
        if not self.instance.pk:
            made = create_agent(data["email"], None, name=data["alias"], badge=data["badge"])
            self.instance.pk, self.instance.user, self.instance.badge = made.pk, made.user, made.badge
        agent: Agent = self.save()
        if agent.user.email != data["email"]:
            _move_account(agent, data["email"])
        after = written(agent)
        return agent, {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def _move_account(agent: Agent, email: str) -> None:
    """Another address to sign in with; the old one is good for nothing from now on."""
    from allauth.account.models import EmailAddress

    agent.user.email = email
    agent.user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=agent.user).delete()
    EmailAddress.objects.create(user=agent.user, email=email, primary=True, verified=True)


def written(agent: Agent) -> dict[str, Any]:
    """An agent's settings as the log of the house keeps them."""
    agent = Agent.objects.select_related("user").get(pk=agent.pk)
    plain = {name: getattr(agent, name) for name in ("alias", "alias_en", "badge", "role", "level", "capacity", "takes_automatically")}
    return plain | {
        "email": agent.user.email,
        "languages": sorted(agent.languages),
        "teams": sorted(agent.teams.values_list("slug", flat=True)),
        "topics": sorted(agent.topics.values_list("slug", flat=True)),
    }
