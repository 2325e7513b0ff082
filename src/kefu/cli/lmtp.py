"""`kefu lmtp`: take mail from the machine's own mail server (Postfix, Exim) over LMTP."""

import asyncio
import signal

from kefu.channels.email.lmtp import serve
from kefu.cli.main import parser


def main(arguments: list[str]) -> int:
    options = parser("lmtp", __doc__ or "")
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8024)
    given = options.parse_args(arguments)
    asyncio.run(_serve(given.host, given.port))
    return 0


async def _serve(host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    await serve(host, port, stop, ready=lambda bound: print(f"Taking mail over LMTP at {host}:{bound}.", flush=True))
