"""`kefu createagent`: an account for a member of staff."""

import getpass
import secrets
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from kefu.cli.main import parser
from kefu.people.models import Agent, User
from kefu.people.staff import create_agent
from kefu.system.audit.log import write


def main(arguments: list[str]) -> int:
    options = parser("createagent", __doc__ or "")
    options.add_argument("email")
    options.add_argument("--name", required=True, help="the name that customers see")
    options.add_argument("--role", choices=Agent.Role.values, default=Agent.Role.AGENT)
    options.add_argument("--badge", default="", help="badge number; made up when left out")
    options.add_argument("--languages", default="", help="such as zh-hans,en")
    options.add_argument("--generate", action="store_true", help="make a password and print it once")
    given = options.parse_args(arguments)
    password = secrets.token_urlsafe(12) if given.generate else getpass.getpass("Password (12 characters or more): ")
    try:
        validate_email(given.email)
        validate_password(password, User(email=given.email, name=given.name))
        agent = create_agent(
            given.email,
            password,
            name=given.name,
            role=given.role,
            badge=given.badge,
            languages=[word.strip() for word in given.languages.split(",") if word.strip()],
        )
    except ValidationError as error:
        print("kefu createagent: " + " ".join(error.messages), file=sys.stderr)
        return 1
    write("command line", "agent.created", str(agent), role=agent.role)
    print(f"Made {agent.role} {agent} <{given.email}>." + (f" Password: {password}" if given.generate else ""))
    return 0
