"""`kefu exchange`: the description of the port for an exchange's engineers, in OpenAPI 3.1, on standard output."""

import json

from kefu.cli.main import parser
from kefu.exchange.openapi import document


def main(arguments: list[str]) -> int:
    parser("exchange", __doc__ or "").parse_args(arguments)
    print(text(), end="")
    return 0


def text() -> str:
    """The description as it lies in docs/exchange-port.openapi.json."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
