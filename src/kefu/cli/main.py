"""`kefu COMMAND`: finds the command, sets up Django where it needs it, and turns errors into plain words."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from kefu import __version__
from kefu.cli.catalogues import compile_all
from kefu.environment import SettingError

# name → (module, needs Django, what it does)
COMMANDS: dict[str, tuple[str, bool, str]] = {
    "run": ("run", True, "set everything up and start the embedded system"),
    "serve": ("serve", True, "serve in production: no demo accounts, own secrets"),
    "worker": ("worker", True, "work off jobs in a process of its own"),
    "lmtp": ("lmtp", True, "take mail from the machine's own mail server"),
    "backfill": ("backfill", True, "fetch what a mailbox got before it was connected"),
    "ask": ("ask", True, "ask the bot one question"),
    "demo": ("demo", True, "load the starter content and the demo accounts"),
    "content": ("content", True, "import a folder of articles, announcements and terms"),
    "createagent": ("createagent", True, "make an account for a member of staff"),
    "factors": ("factors", True, "what staff must show to sign in, by role"),
    "approvals": ("approvals", True, "which acts need a second person"),
    "exchange": ("exchange", False, "print the description of the exchange port (OpenAPI)"),
    "doctor": ("doctor", True, "check the settings and services, and explain"),
    "migrate": ("migrate", True, "bring the database to this version"),
    "messages": ("messages", True, "collect translatable texts and compile the translations"),
    "manage": ("manage", True, "Django's own commands"),
    "test": ("test", False, "run the tests"),
    "check": ("check", False, "lint, types, layers, templates, punctuation"),
    "bench": ("bench", False, "measure, and print one table"),
}


def main(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code."""
    name = arguments[0] if arguments else "help"
    if name in {"help", "-h", "--help"}:
        print(usage())
        return 0
    if name in {"version", "--version"}:
        print(f"kefu {__version__}")
        return 0
    if name not in COMMANDS:
        print(f"kefu: there is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    module_name, needs_django, _ = COMMANDS[name]
    try:
        if name == "serve":
            os.environ.setdefault("KEFU_DEMO", "0")
        if name in {"run", "serve"} and (port := given_port(arguments)):
            os.environ["KEFU_PORT"] = port  # links in mails and the address to trust name it too
        if needs_django:
            prepare()
        module = importlib.import_module(f"kefu.cli.{module_name}")
        return int(module.main(list(arguments[1:])) or 0)
    except SettingError as error:
        print(f"kefu: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def given_port(arguments: Sequence[str]) -> str:
    """The number after ``--port``; nothing where there is none, and the command itself says what is wrong with it."""
    options = argparse.ArgumentParser(add_help=False, exit_on_error=False)
    options.add_argument("--port", default="")
    try:
        port = str(options.parse_known_args(arguments)[0].port)
    except argparse.ArgumentError:
        return ""
    return port if port.isdecimal() else ""


def prepare() -> None:
    """Load the settings and the models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kefu.settings")
    compile_all()
    import django  # the settings are read here, and only for commands that need them

    django.setup()


def usage() -> str:
    lines = [f"  {name:<12} {what}" for name, (_, _, what) in COMMANDS.items()]
    return "\n".join(["Usage: ./kefu COMMAND [options]", "", *lines, "  setup        only make or refresh .venv"])


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """A command's own option parser."""
    return argparse.ArgumentParser(prog=f"kefu {name}", description=description)
