"""`kefu run`: the whole embedded system by one command."""

import sys
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import connections

from kefu.cli import demo, migrate
from kefu.cli.main import parser
from kefu.cli.static import gather


def main(arguments: list[str]) -> int:
    options = parser("run", __doc__ or "")
    options.add_argument("--port", type=int, default=settings.PORT)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--empty", action="store_true", help="no starter content and no demo accounts")
    given = options.parse_args(arguments)
    gather()
    migrate.bring_up_to_date()
    if not given.empty and demo.is_empty():
        print("First start: loading the starter content and the demo accounts ...", file=sys.stderr)
        demo.load()
    address = f"http://{given.host}:{given.port}"
    with ThreadPoolExecutor(1, thread_name_prefix="welcome") as beside:
        # Looking at the demo accounts' passwords takes as long as hashing them: meanwhile the server is loaded.
        text = beside.submit(_welcome, address)
        from kefu.server import serve  # reads the static folder when it is loaded, so only after it was filled

        serve(given.host, given.port, workers_in_process=True, ready=lambda: print(text.result(), flush=True))
    return 0


def _welcome(address: str) -> str:
    try:
        return welcome(address)
    finally:
        connections.close_all()


def welcome(address: str) -> str:
    lines = [
        "",
        f"  Kefu is running.        {address}",
        f"  Help centre             {address}/zh-hans/    {address}/en/",
        f"  Chat                    {address}/zh-hans/chat/",
        f"  A site with the widget  {address}/demo-site/",
        f"  Agents' desk            {address}/desk/",
        f"  Editor                  {address}/studio/",
    ]
    if accounts := demo.accounts():
        lines += ["", "  Demo accounts (only for this machine):"]
        lines += [f"    {who:<14} {email:<28} {password}" for who, email, password in accounts]
    return "\n".join([*lines, "", "  Stop with Ctrl+C.", ""])
