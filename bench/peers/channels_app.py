"""Django Channels with Redis, a group for each channel, server-sent events by its own HTTP consumer. Run by uvicorn:
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
        await self.channel_layer.group_add(self.scope["url_route"]["kwargs"]["group"], self.channel_name)

    async def http_request(self, message):
        # The consumer's own version ends the response when ``handle`` is done.
        self.body.append(message.get("body", b""))
        await self.handle(b"".join(self.body))

    async def told(self, message):
        await self.send_body(b"event: told\ndata: " + message["text"].encode() + b"\n\n", more_body=True)


class Tell(AsyncHttpConsumer):
    async def handle(self, body):
        group = self.scope["url_route"]["kwargs"]["group"]
        await get_channel_layer().group_send(group, {"type": "told", "text": body.decode()})
        await self.send_response(200, b"ok", headers=[(b"content-length", b"2")])


routes = [re_path(r"^watch/(?P<group>\w+)$", Watch.as_asgi()), re_path(r"^tell/(?P<group>\w+)$", Tell.as_asgi())]
application = ProtocolTypeRouter({"http": URLRouter(routes)})
