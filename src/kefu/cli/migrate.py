"""`kefu migrate`: the database to this version, and compiled translations beside their sources."""

from django.core.management import call_command


def main(arguments: list[str]) -> int:
    call_command("migrate", interactive=False, verbosity=1 if "-v" in arguments else 0)
    return 0
