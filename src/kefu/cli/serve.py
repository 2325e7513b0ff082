"""`kefu serve`: production. Refuses to start with what only a demo may have."""

from django.conf import settings

from kefu.cli import demo
from kefu.cli.main import parser
from kefu.cli.static import gather
from kefu.environment import SettingError


def main(arguments: list[str]) -> int:
    options = parser("serve", __doc__ or "")
    options.add_argument("--host", default="127.0.0.1", help="address to listen on; a reverse proxy stands in front")
    options.add_argument("--port", type=int, default=settings.PORT)
    options.add_argument("--processes", type=int, default=1)
    options.add_argument("--no-worker", action="store_true", help="jobs are done by `kefu worker` elsewhere")
    given = options.parse_args(arguments)
    refuse_demo()
    gather()
    from kefu.server import serve  # reads the static folder when it is loaded, so only after it was filled

    serve(given.host, given.port, workers_in_process=not given.no_worker, processes=given.processes)
    return 0


def refuse_demo() -> None:
    """Raises SettingError for debug mode, demo mode, or demo accounts in the database."""
    if settings.DEBUG:
        raise SettingError("KEFU_DEBUG is on: it shows the inside of the system to everybody. Set it to 0.")
    if settings.DEMO:
        raise SettingError("KEFU_DEMO is on: `kefu serve` is for production. Set it to 0, or use `kefu run`.")
    if left := demo.accounts_present():
        raise SettingError(
            f"The database holds demo accounts ({', '.join(left)}) whose passwords are public. Remove them: kefu demo --remove"
        )
