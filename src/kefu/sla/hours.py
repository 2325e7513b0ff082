"""When people work: by which calendar the promises of a channel count."""

from kefu.sla.models import Policy
from kefu.text.business_time import Calendar


def hours_of(channel: str) -> Calendar:
    """The working time of an ordinary case of this channel: of the policy for it alone, else of the policy for everything.

    Round the clock where nothing is promised.
    """
    policies = list(Policy.objects.select_related("calendar"))
    for wanted in (f"channel:{channel}", ""):
        if found := next((policy for policy in policies if policy.conditions.strip() == wanted), None):
            return found.calendar.hours
    return Calendar()
