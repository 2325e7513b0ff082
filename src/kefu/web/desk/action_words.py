"""What macros, rules and actions on many did, in words; where they are written they stay as they are written."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from kefu.web.desk import labels


def done(acts: Iterable[str]) -> str:
    """Several, each as ``do:value``, in a line."""
    return " · ".join(one_done(act) for act in acts)


def one_done(act: str) -> str:
    """One; what is not known stays as it is."""
    do, _sep, value = act.partition(":")
    values = {"value": value}
    return {
        "status": _("status “%(value)s”") % {"value": labels.status(value)},
        "tag": _("tag “%(value)s” added") % values,
        "untag": _("tag “%(value)s” removed") % values,
        "priority": _("priority raised: %(value)s") % {"value": labels.urgency(value)},
        "lower": _("priority lowered: %(value)s") % {"value": labels.urgency(value)},
        "team": _("team: %(value)s") % values,
        "assign": _("given to %(value)s") % {"value": _("whoever did it") if value == "me" else value},
        "topic": _("topic: %(value)s") % values,
        "note": _("note written"),
        "snooze": _("put aside for %(value)s") % values,
        "bin": {"restore": _("restored"), "spam": _("marked as spam"), "trash": _("moved to the trash")}.get(value, act),
    }.get(do, act)
