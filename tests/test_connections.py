"""The tests' own connections: what stays open at the end keeps PostgreSQL from dropping the tests' database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


async def _inside():
    return connections["default"]


def test_the_loop_that_a_browser_leaves_brings_no_second_connection():
    with ThreadPoolExecutor(1) as pool:  # a loop may be left in this thread already
        assert pool.submit(lambda: connections["default"] is asyncio.run(_inside())).result()
        assert pool.submit(lambda: connections["default"]).result() is not connections["default"], "each thread has its own"
