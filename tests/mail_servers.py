"""Real mail servers for tests: Dovecot (IMAP and LMTP) and Postfix (SMTP), on loopback ports, in a folder of their own."""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TypeVar

import pytest

PASSWORD = "open sesame"
Server = TypeVar("Server", "Dovecot", "Postfix")


@contextmanager
def running(make: "Callable[[Path], Server]") -> "Iterator[Server]":
    """A mail server in a folder of its own, started; stopped and taken away at the end.

    Not in a folder of pytest's: mail servers run as other users, and every run of pytest that begins on this machine
    closes the folder above them all.
    """
    home = Path(mkdtemp(prefix="kefu-mail-"))
    home.chmod(0o755)
    try:
        server = make(home / "server")
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def need(program: str) -> str:
    """The program's path; the test is skipped where it is missing, and fails where it must be there."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/lib/dovecot")
    if found and os.geteuid() == 0:
        return found
    if os.environ.get("KEFU_CI") == "1":
        pytest.fail(f"{program} is missing or this is not root, and KEFU_CI=1 requires it")
    pytest.skip(f"{program} is not installed, or this is not root")


def eventually(check, seconds=30.0):
    """What ``check`` finds, as soon as it finds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")


def wait_for(port: int, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as sock:
            sock.settimeout(0.5)
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")


class Dovecot:
    """Every user exists, with one password; mail lies in Maildirs. With ``introspection`` (an address) tokens are taken
    instead of the password, by the mechanisms ``tokens``, and other servers may ask it over the port ``sasl``."""

    def __init__(self, home: Path, *, introspection: str = "", tokens: str = "xoauth2 oauthbearer") -> None:
        self.program = need("dovecot")
        self.home, self.sasl = home, free_port()
        self.imap, self.lmtp = free_port(), free_port()
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
        (home / "mail").mkdir()
        shutil.chown(home / "mail", "nobody", "nogroup")
        self.config = home / "dovecot.conf"
        self.config.write_text(f"""
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{home}/mail/%u
first_valid_uid = 1
mail_max_userip_connections = 200
passdb {{
  {f"driver = oauth2 {chr(10)} args = {home}/oauth2.conf" if introspection else f"driver = static {chr(10)} args = password={PASSWORD.replace(' ', '_')}"}
}}
auth_mechanisms = {tokens if introspection else "plain"}
auth_failure_delay = 0
service auth {{
  chroot =
  inet_listener {{
    address = 127.0.0.1
    port = {self.sasl}
  }}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={home}/mail/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {self.lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
""")
        (home / "oauth2.conf").write_text(
            f"introspection_mode = post\nintrospection_url = {introspection}\nusername_attribute = username\n"
            "active_attribute = active\nactive_value = true\ntimeout_msecs = 5000\n"
        )
        self.password = PASSWORD.replace(" ", "_")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen([self.program, "-F", "-c", str(self.config)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        wait_for(self.imap)
        wait_for(self.lmtp)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(10)
            self.process = None

    def deliver(self, raw: bytes, to: str = "support@beichen.example") -> None:
        for attempt in range(6):
            try:
                with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
                    client.sendmail("sender@mail.example", [to], raw)
                return
            except smtplib.SMTPDataError as error:  # 451 on a busy machine means: later
                if error.smtp_code != 451 or attempt == 5:
                    raise
                time.sleep(0.5 * 2**attempt)

    def has_mail(self, user: str) -> bool:
        """Has anything come for a user?"""
        box = self.home / "mail" / user
        return any(True for _ in box.glob("new/*")) or any(True for _ in box.glob("cur/*"))

    def mails(self, user: str) -> list[bytes]:
        """What lies in a user's inbox."""
        box = self.home / "mail" / user
        files = [*box.glob("new/*"), *box.glob("cur/*")]
        return [file.read_bytes() for file in sorted(files, key=lambda f: f.name)]


class Postfix:
    """Takes mail for every domain over SMTP and hands it to a Dovecot's LMTP. With ``sasl`` (a Dovecot's port) only from
    whoever signs in there."""

    def __init__(self, home: Path, lmtp: int, *, sasl: int = 0) -> None:
        self.program = need("postfix")
        self.home, self.port = home, free_port()
        for name in ("conf", "spool", "data", "log"):
            (home / name).mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
        shutil.chown(home / "data", "postfix", "postfix")
        (home / "conf" / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {home}/spool
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.test.example
mydestination =
local_recipient_maps =
mynetworks = 127.0.0.0/8
smtpd_recipient_restrictions = {"permit_sasl_authenticated" if sasl else "permit_mynetworks"}, reject
smtpd_sasl_auth_enable = {"yes" if sasl else "no"}
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_sasl_security_options = noanonymous
relay_domains =
default_transport = lmtp:inet:127.0.0.1:{lmtp}
relay_transport = lmtp:inet:127.0.0.1:{lmtp}
smtp_dns_support_level = disabled
lmtp_dns_support_level = disabled
disable_dns_lookups = yes
alias_maps =
alias_database =
maillog_file = {home}/log/mail.log
maillog_file_prefixes = {home}
message_size_limit = 60000000
mailbox_size_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
""")
        lines = [f"127.0.0.1:{self.port} inet n - n - - smtpd"]
        lines += [
            "pickup unix n - n 60 1 pickup",
            "cleanup unix n - n - 0 cleanup",
            "qmgr unix n - n 300 1 qmgr",
            "rewrite unix - - n - - trivial-rewrite",
        ]
        lines += [
            "bounce unix - - n - 0 bounce",
            "defer unix - - n - 0 bounce",
            "trace unix - - n - 0 bounce",
            "verify unix - - n - 1 verify",
        ]
        lines += [
            "flush unix n - n 1000? 0 flush",
            "proxymap unix - - n - - proxymap",
            "proxywrite unix - - n - 1 proxymap",
            "smtp unix - - n - - smtp",
        ]
        lines += ["relay unix - - n - - smtp", "error unix - - n - - error", "retry unix - - n - - error", "discard unix - - n - - discard"]
        lines += [
            "local unix - n n - - local",
            "lmtp unix - - n - - lmtp",
            "anvil unix - - n - 1 anvil",
            "scache unix - - n - 1 scache",
            "tlsmgr unix - - n 1000? 1 tlsmgr",
        ]
        lines += ["postlog unix-dgram n - n - 1 postlogd"]
        (home / "conf" / "master.cf").write_text("\n".join(lines) + "\n")

    def start(self) -> None:
        done = subprocess.run([self.program, "-c", str(self.home / "conf"), "start"], capture_output=True, timeout=60)
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr).decode())
        wait_for(self.port)

    def stop(self) -> None:
        subprocess.run([self.program, "-c", str(self.home / "conf"), "stop"], capture_output=True, timeout=60)

    def flush(self) -> None:
        """Try again at once what the other server could not take."""
        subprocess.run([self.program, "-c", str(self.home / "conf"), "flush"], capture_output=True, timeout=60)
