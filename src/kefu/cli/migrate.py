"""`kefu migrate`: the database to this version, and compiled translations beside their sources."""

from django.core.management import call_command

from kefu.cli.messages import compile_all


def main(arguments: list[str]) -> int:
    compile_all()
    call_command("migrate", interactive=False, verbosity=1 if "-v" in arguments else 0)
    return 0
