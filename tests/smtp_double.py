"""An SMTP server on loopback that does what a test wants: counts sign-ins, refuses, hangs up."""

import re
import socketserver
import threading


class SmtpDouble:
    """Speaks RFC 5321 with AUTH PLAIN and PIPELINING. ``password`` is the one it takes; ``refused`` are addresses it does not
    know; ``hangs_up`` closes before the next MAIL, ``forgets`` after the mail was taken and before saying so."""

    def __init__(self, *, pipelining=True):
        self.password, self.refused, self.extensions = "right", {}, ["AUTH PLAIN", *(["PIPELINING"] if pipelining else [])]
        self.connections = self.sign_ins = self.most_at_once = self._now = 0
        self.hangs_up = self.forgets = False
        self.mails, self.batches = [], []
        double = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                double.connections += 1
                double._now += 1
                double.most_at_once = max(double.most_at_once, double._now)
                try:
                    double._talk(self.connection)
                except OSError:
                    return
                finally:
                    double._now -= 1

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def _talk(self, sock):
        rest, to, data = b"", [], None
        say = lambda words: sock.sendall(words.encode() + b"\r\n")  # noqa: E731
        say("220 double")
        while True:
            got = sock.recv(65536)
            if not got:
                return
            self.batches.append(got)
            rest += got
            while b"\r\n" in rest:
                line, rest = rest.split(b"\r\n", 1)
                if data is not None:
                    if line != b".":
                        data.append(line)
                        continue
                    if not to:
                        say("554 no valid recipients")
                    else:
                        self.mails.append((tuple(to), b"\r\n".join(data)))
                        if self.forgets:
                            self.forgets = False
                            return
                        say("250 taken")
                    data, to = None, []
                    continue
                verb = line.split(b" ")[0].upper()
                if verb == b"EHLO":
                    say("\r\n".join(f"250{'-' if one != 'HELP' else ' '}{one}" for one in ["double", *self.extensions, "HELP"]))
                elif verb == b"AUTH":
                    import base64

                    self.sign_ins += 1
                    good = base64.b64decode(line.split(b" ")[2]).split(b"\0")[2].decode() == self.password
                    say("235 welcome" if good else "535 5.7.8 wrong password")
                elif verb == b"MAIL":
                    if self.hangs_up:
                        self.hangs_up = False
                        return
                    to = []
                    say("250 ok")
                elif verb == b"RCPT":
                    address = re.search(rb"<(.*)>", line)[1].decode()
                    if address not in self.refused:
                        to.append(address)
                    say(self.refused.get(address, "250 ok"))
                elif verb == b"DATA":
                    data = [] if to or "PIPELINING" in self.extensions else None
                    say("354 go on" if data is not None else "503 no recipients")
                elif verb == b"QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 ok")
