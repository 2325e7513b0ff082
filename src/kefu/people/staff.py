"""Members of staff: making their accounts."""

import secrets
from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction

from kefu.people.models import Agent, Team, User


def create_agent(
    email: str,
    password: str,
    *,
    name: str,
    name_en: str = "",
    role: str = Agent.Role.AGENT,
    badge: str = "",
    languages: Sequence[str] = (),
    teams: Sequence[Team] = (),
    capacity: int = 4,
) -> Agent:
    """An account that can sign in, and the agent it stands for. Raises ValidationError when the address or badge is taken."""
    email = email.strip().lower()
    badge = badge or f"{secrets.randbelow(9000) + 1000}"
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
