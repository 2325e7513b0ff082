"""What can be done to many conversations at once, as the list offers it."""

from django.core.cache import cache
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kefu.people.models import Team
from kefu.topics.models import Topic

KEPT = 60  # seconds: a new team may be missing from the bar for so long


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be done to many, in groups, as the list offers it."""
    language = get_language() or "en"
    return [
        (
            _("Status"),
            [("status:solved", _("Solve")), ("status:open", _("Our turn")), ("status:pending", _("Customer’s turn")), ("status:on_hold", _("On hold"))],
        ),
        (_("Assign"), [("assign:me", _("To me")), *((f"team:{team.slug}", team.label(language)) for team in Team.objects.order_by("slug"))]),
        (_("Priority"), [("priority:urgent", _("Urgent")), ("priority:high", _("High")), ("lower:normal", _("Lower to normal")), ("lower:low", _("Lower to low"))]),
        (_("Put aside"), [("snooze:1h", _("For an hour")), ("snooze:1d", _("For a day")), ("snooze:7d", _("For a week"))]),
        (_("Spam and trash"), [("bin:spam", _("Spam")), ("bin:trash", _("Trash")), ("bin:restore", _("Restore"))]),
        (_("Topic"), [(f"topic:{t.slug}", t.label(language)) for t in Topic.objects.filter(parent=None).prefetch_related("translations")]),
        (_("Tag"), [("tag", _("Add the tag …")), ("untag", _("Remove the tag …"))]),
    ]  # fmt: skip


def options() -> SafeString:
    """The choices as options of a select. Kept a while: they are on every page of the list and hardly ever change."""
    place = f"desk-bulk-options:{get_language()}"
    known = cache.get(place)
    if known is None:
        groups = ((group, format_html_join("", '<option value="{}">{}</option>', each)) for group, each in choices())
        known = str(format_html_join("", '<optgroup label="{}">{}</optgroup>', groups))
        cache.set(place, known, timeout=KEPT)
    return mark_safe(known)
