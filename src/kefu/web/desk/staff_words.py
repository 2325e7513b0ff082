"""Roles and what they may do, in words."""

from django.utils.translation import gettext as _


def role(code: str) -> str:
    """A role's name."""
    return {
        "agent": _("Agent"),
        "supervisor": _("Supervisor"),
        "editor": _("Editor"),
        "administrator": _("Administrator"),
        "auditor": _("Auditor"),
    }.get(code, code)


def act(code: str) -> str:
    """What a line of the table of permissions allows."""
    return {
        "desk.read": _("Read conversations"),
        "desk.answer": _("Answer customers"),
        "desk.assign": _("Pass conversations on, act on many"),
        "checklist.pass": _("Solve with an unfinished checklist"),
        "approvals.decide": _("Be the second person"),
        "account.freeze": _("Have an account frozen or unfrozen"),
        "account.all": _("See every field of an account"),
        "views.share": _("Share views with everybody"),
        "macros.share": _("Share macros with everybody"),
        "rules.write": _("Write rules"),
        "incidents.write": _("Open and end incidents"),
        "reviews.read": _("Read reviews"),
        "reviews.write": _("Review conversations"),
        "reports.read": _("Read reports"),
        "board.read": _("See the board"),
        "board.steer": _("Steer from the board"),
        "studio.read": _("Read the studio"),
        "studio.write": _("Write articles"),
        "studio.publish": _("Publish articles"),
        "staff.plan": _("Plan skills and capacity"),
        "sessions.end": _("Sign colleagues out"),
        "staff.write": _("Make accounts, give roles"),
        "settings.write": _("Set up mailboxes and channels"),
        "audit.read": _("Read the audit log"),
    }.get(code, code)
