"""What can be done to many conversations at once, as the list offers it."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.people.models import Team
from kefu.topics.models import Topic


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be done to many, in groups, as the list offers it."""
    language = get_language() or "en"
    return [
        (
            _("Status"),
            [("status:solved", _("Solve")), ("status:open", _("Our turn")), ("status:pending", _("Customer’s turn")), ("status:on_hold", _("On hold"))],
        ),
        (_("Assign"), [("assign:me", _("To me")), *((f"team:{team.slug}", team.label(language)) for team in Team.objects.order_by("slug"))]),
        (_("Priority"), [("priority:urgent", _("Urgent")), ("priority:high", _("High")), ("priority:normal", _("Normal")), ("priority:low", _("Low"))]),
        (_("Put aside"), [("snooze:1h", _("For an hour")), ("snooze:1d", _("For a day")), ("snooze:7d", _("For a week"))]),
        (_("Topic"), [(f"topic:{t.slug}", t.label(language)) for t in Topic.objects.filter(parent=None).prefetch_related("translations")]),
        (_("Tag"), [("tag", _("Add the tag …")), ("untag", _("Remove the tag …"))]),
    ]  # fmt: skip
