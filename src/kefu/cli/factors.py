"""`kefu factors`: what each role must show at sign-in, and the way back in when no administrator can show it."""

from kefu.cli.main import parser
from kefu.people.models import Agent, RoleRule
from kefu.people.required_factors import needed, require, standing
from kefu.system.audit.log import write


def main(arguments: list[str]) -> int:
    options = parser("factors", __doc__ or "")
    options.add_argument("role", nargs="?", choices=Agent.Role.values)
    options.add_argument("needs", nargs="?", choices=RoleRule.Needs.values)
    given = options.parse_args(arguments)
    if given.role and not given.needs:
        options.error("say what the role must show: " + ", ".join(RoleRule.Needs.values))
    if given.role and require(given.role, RoleRule.Needs(given.needs), by=None):
        write("command line", "staff.sign_in_rules", "roles", **{given.role: given.needs})
    for role, found in standing().items():
        words = f"{found['all']} at work, {found['factor']} with a factor, {found['passkey']} with a passkey"
        print(f"  {role:<14} {needed(role).value:<8} {words}")
    return 0
