"""Uvicorn's HTTP protocol, handing its connection to streams, and ending them first when the server ends."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kefu.system.live import stream


class Wire(HttpToolsProtocol):
    """To be given to uvicorn as ``http``: streams write to the transport themselves, which spares a task for each
    event and watcher, and lets the server drop one that does not take what it is sent."""

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self.scope["extensions"] = {stream.TRANSPORT: self.transport}  # type: ignore[dict-item]

    def shutdown(self) -> None:
        stream.end_all()
        super().shutdown()
