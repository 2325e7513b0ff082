"""What a role must show at sign-in, who lacks it, and changing that without locking everybody out."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from kefu.people.models import Agent, RoleRule

Needs = RoleRule.Needs
KEY, KEPT = "role-rules", 300  # seconds; another process learns of a change at once where it shares the cache
PASSKEY, PROOF = "passkey", "proof"


class NobodyCouldComeBack(ValueError):
    """Administrators would need what none of them has shown to work here."""


def needed(role: str) -> Needs:
    """What is asked of ``role``; where nothing was set: a second factor in production, nothing in a trial."""
    rules = cache.get(KEY)
    if rules is None:
        rules = dict(RoleRule.objects.values_list("role", "needs"))
        cache.set(KEY, rules, timeout=KEPT)
    return Needs(rules.get(role, Needs.NOTHING if settings.DEMO else Needs.FACTOR))


def lacking(request: HttpRequest, agent: Agent) -> str:
    """What the agent has to do first: set up a ``factor``, set up a ``passkey``, or give the ``proof`` of one; empty for nothing.

    A passkey that is owned but was not shown in this session counts for nothing: a password and a code can be lured out of somebody.
    """
    needs, user = needed(agent.role), agent.user
    if needs == Needs.NOTHING:
        return ""
    if needs == Needs.FACTOR:
        return "" if is_mfa_enabled(user) else Needs.FACTOR.value
    if any(one.get("type") == Authenticator.Type.WEBAUTHN for one in get_authentication_records(request, user)):
        return ""
    return PROOF if _has_passkey(user) else PASSKEY


def require(role: str, needs: Needs, *, by: Agent | None) -> bool:
    """Set what ``role`` must show; whether that is a change. ``by``: the administrator; None from the command line.

    Raises NobodyCouldComeBack when administrators would need a passkey and ``by`` has none, which is how it is known that passkeys
    work on this address and this device; and when administrators in production would need nothing.
    """
    if role == Agent.Role.ADMINISTRATOR and by is not None:
        if needs == Needs.PASSKEY and not _has_passkey(by.user):
            raise NobodyCouldComeBack
        if needs == Needs.NOTHING and not settings.DEMO:
            raise NobodyCouldComeBack
    if needed(role) == needs:
        return False
    RoleRule.objects.update_or_create(role=role, defaults={"needs": needs})
    transaction.on_commit(lambda: cache.delete(KEY))
    cache.delete(KEY)
    return True


def standing() -> dict[str, dict[str, int]]:
    """By role: how many are at work (``all``), have any second factor (``factor``), have a passkey (``passkey``)."""
    found = {role: {"all": 0, "factor": 0, "passkey": 0} for role in Agent.Role.values}
    kinds: dict[int, set[str]] = {}
    second = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    for user, kind in Authenticator.objects.filter(type__in=second, user__agent__active=True).values_list("user_id", "type"):
        kinds.setdefault(user, set()).add(kind)
    for role, user in Agent.objects.filter(active=True).values_list("role", "user_id"):
        found[role]["all"] += 1
        found[role]["factor"] += bool(kinds.get(user))
        found[role]["passkey"] += Authenticator.Type.WEBAUTHN in kinds.get(user, ())
    return found


def _has_passkey(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists())
