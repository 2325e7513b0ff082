from kefu.people.models.agent import Agent, Team
from kefu.people.models.contact import OfficialContact
from kefu.people.models.customer import Customer, Identity
from kefu.people.models.role_rule import RoleRule
from kefu.people.models.sign_in import SignIn
from kefu.people.models.user import User

__all__ = ["Agent", "Customer", "Identity", "OfficialContact", "RoleRule", "SignIn", "Team", "User"]
