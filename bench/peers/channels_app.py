"""Django Channels with Redis, one group, server-sent events by its own HTTP consumer. Run by uvicorn:
uvicorn bench.peers.channels_app:application"""

import os

import django
from django.conf import settings

settings.configure(
    SECRET_KEY=os.urandom(16).hex(),
    ALLOWED_HOSTS=["*"],
    INSTALLED_APPS=["channels"],
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [os.environ.get("KEFU_TEST_REDIS_URL") or "redis://127.0.0.1:6379/5"], "capacity": 10_000},
        }
    },
)
django.setup()

from channels.generic.http import AsyncHttpConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402


class Watch(AsyncHttpConsumer):
    async def handle(self, body):
        await self.send_headers(headers=[(b"content-type", b"text/event-stream")])
        await self.send_body(b": here\n\n", more_body=True)
        await self.channel_layer.group_add("all", self.channel_name)

    async def http_request(self, message):
        # The consumer's own version ends the response when ``handle`` is done.
        self.body.append(message.get("body", b""))
        await self.handle(b"".join(self.body))

    async def told(self, message):
        await self.send_body(b"event: told\ndata: " + message["text"].encode() + b"\n\n", more_body=True)


class Tell(AsyncHttpConsumer):
    async def handle(self, body):
        await get_channel_layer().group_send("all", {"type": "told", "text": body.decode()})
        await self.send_response(200, b"ok", headers=[(b"content-length", b"2")])


application = ProtocolTypeRouter({"http": URLRouter([re_path("^watch$", Watch.as_asgi()), re_path("^tell$", Tell.as_asgi())])})
