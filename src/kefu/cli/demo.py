"""`kefu demo`: the starter content and accounts to try everything with, on this machine only."""

import sys

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.management import call_command
from django.db import transaction

from kefu.cli.content import load as load_content
from kefu.cli.main import parser
from kefu.cli.many.fill import Progress, fill
from kefu.environment import SettingError
from kefu.people.models import Agent, User
from kefu.people.staff import create_agent
from kefu.topics.models import Topic

PASSWORD = "beichen-demo-2026"  # noqa: S105 - public on purpose; `kefu serve` refuses to start while it exists

# (account, name, English name, role, badge, languages)
ACCOUNTS: tuple[tuple[str, str, str, Agent.Role, str, list[str]], ...] = (
    ("lin@beichen.example", "林晓", "Lin Xiao", Agent.Role.AGENT, "2041", ["zh-hans", "en"]),
    ("emma@beichen.example", "Emma", "Emma", Agent.Role.AGENT, "2077", ["en"]),
    ("zhou@beichen.example", "周岚", "Zhou Lan", Agent.Role.SUPERVISOR, "1003", ["zh-hans", "en"]),
    ("he@beichen.example", "何编", "He Bian", Agent.Role.EDITOR, "3012", []),
    ("admin@beichen.example", "管理员", "Administrator", Agent.Role.ADMINISTRATOR, "1000", []),
)


def main(arguments: list[str]) -> int:
    options = parser("demo", __doc__ or "")
    options.add_argument("--remove", action="store_true", help="remove the demo accounts")
    options.add_argument("--size", type=int, metavar="N", help="make conversations up to this number, for trying and measuring")
    given = options.parse_args(arguments)
    if given.remove:
        print(f"Removed {remove()} demo account(s).")
        return 0
    call_command("migrate", verbosity=0)
    load()
    if given.size:
        print(f"\nMade {fill(given.size, report=show):,} conversation(s).")
    print("Loaded. Start with: ./kefu run")
    return 0


def show(progress: Progress) -> None:
    """One line that is written over, on a terminal; a line now and then elsewhere."""
    rate = progress.done / progress.seconds if progress.seconds else 0
    text = f"{progress.step}: {progress.done:,} of {progress.wanted:,}"
    if progress.step == "conversations":
        text += f" · {rate:,.0f} a second · {max(0, progress.wanted - progress.done) / max(rate, 1):,.0f} s left"
    if sys.stdout.isatty():
        print(f"\r{text:<78}", end="", flush=True)
    elif progress.done == progress.wanted or progress.done % 50_000 == 0:
        print(text, flush=True)


def is_empty() -> bool:
    """Whether nothing has been loaded or made yet."""
    return not Topic.objects.exists() and not User.objects.exists()


def load() -> None:
    """Import the content and make the accounts that are missing. Raises SettingError in production."""
    if not settings.DEMO:
        raise SettingError("KEFU_DEMO is 0: demo accounts have public passwords and are not made in production.")
    print(load_content(settings.CONTENT))
    with transaction.atomic():
        before = set(User.objects.filter(email__in=[account[0] for account in ACCOUNTS]).values_list("email", flat=True))
        for email, name, name_en, role, badge, languages in ACCOUNTS:
            if email not in before:
                agent = create_agent(email, None, name=name, name_en=name_en, role=role, badge=badge, languages=languages)
                # The walk-through shows the queue: the demo agents pick talks by hand.
                agent.takes_automatically = False
                agent.save(update_fields=["takes_automatically"])
        # One hash for all: looking whether they still have the public password costs a fifth of a second for each hash.
        made = User.objects.filter(email__in=[account[0] for account in ACCOUNTS if account[0] not in before])
        made.update(password=make_password(PASSWORD))


def accounts() -> list[tuple[str, str, str]]:
    """Who can sign in with the demo password: role, address, password."""
    present = set(accounts_present())
    return [(role.value, email, PASSWORD) for email, _, _, role, _, _ in ACCOUNTS if email in present]


def accounts_present() -> list[str]:
    """The demo addresses that exist with the public password."""
    users = list(User.objects.filter(email__in=[account[0] for account in ACCOUNTS]))
    public = {encoded for encoded in {user.password for user in users} if check_password(PASSWORD, encoded)}
    return sorted(user.email for user in users if user.password in public)


def remove() -> int:
    """Delete the demo accounts; their conversations stay, without an assignee."""
    users = User.objects.filter(email__in=[account[0] for account in ACCOUNTS])
    count = users.count()
    users.delete()
    return count
