"""A way to a service of this machine that a test can cut and mend: a TCP relay in threads."""

import socket
import threading


class Relay:
    """Listens on a free port of 127.0.0.1 and passes everything on to ``port``, until it is cut."""

    def __init__(self, port):
        self.to, self.port, self.open, self.listener = port, 0, [], None
        self.mend()

    def mend(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self):
        """As if the machine behind were gone: what is open breaks, and nobody answers."""
        # Closing alone leaves a thread in accept(), which keeps the port.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.open:
            for end in one:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()
        self.open = []

    def close(self):
        """For good, whatever state it is in."""
        try:
            self.cut()
        except OSError:
            pass  # it was cut already

    def _accept(self, listener):
        while True:
            try:
                here, _ = listener.accept()
                there = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                return
            self.open.append((here, there))
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
