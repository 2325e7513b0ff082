"""The shared cache while Redis is gone: it answers from this process, keeps counting, and goes back to Redis by itself."""

import pytest

redis = pytest.importorskip("redis")

from kefu.system import rate
from kefu.system.sturdy_cache import SturdyRedisCache
from serving import free_port


@pytest.fixture
def cache(monkeypatch):
    made = SturdyRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    monkeypatch.setattr(rate, "cache", made)
    return made


def test_what_is_put_there_is_found_and_what_is_not_is_missed(cache):
    cache.set("a", 1)
    cache.set_many({"b": 2})
    assert cache.get("a") == 1 and cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.get("c", "none") == "none" and "a" in cache
    cache.delete("a")
    assert cache.get("a") is None
    with pytest.raises(ValueError):
        cache.incr("never there")


def test_tries_are_counted_all_the_same(cache):
    assert [rate.exceeded("code", "mia", limit=2, seconds=3600) for _ in range(4)] == [False, False, True, True]


def test_redis_is_asked_again_after_a_pause_and_not_before(cache, monkeypatch):
    asked = []

    def gone(*args, **values):
        asked.append(1)
        raise redis.ConnectionError("gone")

    monkeypatch.setattr(type(cache._cache), "get", gone)
    clock = [1000.0]
    monkeypatch.setattr("kefu.system.sturdy_cache.time.monotonic", lambda: clock[0])
    for _ in range(3):
        cache.get("a")
    assert len(asked) == 1
    clock[0] += 5
    cache.get("a")
    assert len(asked) == 2
