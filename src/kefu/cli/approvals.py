"""`kefu approvals`: which acts need a second person; the way to loosen that where nobody else may agree. The audit log names it."""

from kefu.approvals.kinds import KINDS
from kefu.approvals.rules import MOST_HOURS, Setting, change, standing
from kefu.cli.main import parser


def main(arguments: list[str]) -> int:
    options = parser("approvals", __doc__ or "")
    options.add_argument("kind", nargs="?", choices=list(KINDS))
    options.add_argument("needed", nargs="?", choices=["on", "off"])
    options.add_argument("--hours", type=int, help=f"for how long a second person is waited for, at most {MOST_HOURS}")
    given = options.parse_args(arguments)
    if given.kind and not given.needed:
        options.error("say whether it needs a second person: on or off")
    if given.hours is not None and not (given.kind and 1 <= given.hours <= MOST_HOURS):
        options.error(f"hours are a whole number from 1 to {MOST_HOURS}, for one kind of act")
    if given.kind:
        hours = standing(given.kind).hours if given.hours is None else given.hours
        change(given.kind, Setting(given.needed == "on", hours), by=None)
    for code in KINDS:
        found = standing(code)
        print(f"  {code:<10} {'a second person within ' + str(found.hours) + ' h' if found.needed else 'no second person'}")
    return 0
