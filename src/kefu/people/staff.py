"""Members of staff: making their accounts, letting them go, taking them back."""

import secrets
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from kefu.people import sessions
from kefu.people.models import Agent, Team, User


class LastAdministrator(ValueError):
    """Somebody must be left who can set things right."""


def create_agent(
    email: str,
    password: str | None,
    *,
    name: str,
    name_en: str = "",
    role: str = Agent.Role.AGENT,
    badge: str = "",
    languages: Sequence[str] = (),
    teams: Sequence[Team] = (),
    capacity: int = 4,
) -> Agent:
    """An account and the agent it stands for; without a password it can sign in once one was chosen by an invitation.

    Raises ValidationError when the address or badge is taken.
    """
    email = email.strip().lower()
    badge = badge or free_badge()
    if User.objects.filter(email=email).exists():
        raise ValidationError(f"There is an account for {email} already.")
    if Agent.objects.filter(badge=badge).exists():
        raise ValidationError(f"The badge number {badge} is taken.")
    with transaction.atomic():
        user = User.objects.create_user(email, password, name=name, is_staff=True)
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
        agent = Agent.objects.create(
            user=user,
            badge=badge,
            alias=name,
            alias_en=name_en,
            role=role,
            languages=list(languages),
            capacity=capacity,
        )
        agent.teams.set(teams)
    return agent


def free_badge() -> str:
    """A number that nobody has: four digits, more where those run out."""
    for digits in (4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 9):
        badge = str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))
        if not Agent.objects.filter(badge=badge).exists():
            return badge
    raise ValidationError("No badge number is free.")


def dismiss(agent: Agent) -> None:
    """End an agent's access at once, sessions included; what they wrote keeps their name.

    Raises LastAdministrator when nobody else could take them back.
    """
    with transaction.atomic():
        must_not_be_last(agent)
        agent.active, agent.presence = False, Agent.Presence.OFFLINE
        agent.save(update_fields=["active", "presence"])
        User.objects.filter(pk=agent.user_id).update(is_active=False)
        sessions.end(agent.user)  # else they would come to life again with the account


def take_back(agent: Agent) -> None:
    """Let an agent who had left sign in again, with the role and the skills from before."""
    with transaction.atomic():
        agent.active = True
        agent.save(update_fields=["active"])
        User.objects.filter(pk=agent.user_id).update(is_active=True)


def must_not_be_last(agent: Agent) -> None:
    """Raises LastAdministrator when ``agent`` is the only administrator at work. Call it in a transaction: two who
    demote each other at once would else leave nobody."""
    at_work = Agent.objects.filter(role=Agent.Role.ADMINISTRATOR, active=True)
    others = [pk for pk in at_work.order_by("pk").select_for_update().values_list("pk", flat=True) if pk != agent.pk]
    was = Agent.objects.filter(pk=agent.pk, role=Agent.Role.ADMINISTRATOR).exists()
    if was and not others:
        raise LastAdministrator
