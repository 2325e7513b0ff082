"""The limit: a bare uvloop server that writes the same bytes to every watcher of a group, and stores nothing. Run: python -m bench.peers.bare PORT"""

import asyncio
import sys

import uvloop

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
DONE = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


class Peer(asyncio.Protocol):
    watchers: dict[bytes, set[asyncio.Transport]] = {}
    group = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        group = data.split(b" ", 2)[1].rpartition(b"/")[2]
        if data.startswith(b"GET /watch"):
            self.transport.write(HEAD)
            self.group = group
            self.watchers.setdefault(group, set()).add(self.transport)
            return
        event = b"event: told\ndata: " + data.rpartition(b"\r\n\r\n")[2] + b"\n\n"
        chunk = b"%x\r\n%b\r\n" % (len(event), event)
        for watcher in self.watchers.get(group, ()):
            watcher.write(chunk)
        self.transport.write(DONE)

    def connection_lost(self, error):
        self.watchers.get(self.group, set()).discard(self.transport)


async def main(port):
    server = await asyncio.get_running_loop().create_server(Peer, "127.0.0.1", port, backlog=4096)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
