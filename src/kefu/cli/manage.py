"""`kefu manage …`: Django's own commands, for those who know them."""

from django.core.management import execute_from_command_line


def main(arguments: list[str]) -> int:
    execute_from_command_line(["kefu manage", *arguments])
    return 0
