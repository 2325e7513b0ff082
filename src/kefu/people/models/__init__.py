from kefu.people.models.agent import Agent, Team
from kefu.people.models.customer import Customer, Identity
from kefu.people.models.user import User

__all__ = ["Agent", "Customer", "Identity", "Team", "User"]
