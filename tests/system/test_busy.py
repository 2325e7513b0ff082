"""Work that nobody waits for gives way while somebody waits for a page."""

from kefu.system import busy
from kefu.system.jobs import wake


def test_the_last_answered_request_says_that_it_is_quiet_again(monkeypatch):
    heard = []
    monkeypatch.setattr(busy, "_when_idle", [])
    busy.when_idle(lambda: heard.append("quiet"))
    with busy.serving():
        with busy.serving():
            assert busy.is_serving()
        assert heard == [] and busy.is_serving()
    assert heard == ["quiet"] and not busy.is_serving()


def test_a_request_that_fails_is_over_too():
    try:
        with busy.serving():
            raise ValueError
    except ValueError:
        pass
    assert not busy.is_serving()


def test_workers_are_not_woken_for_what_gives_way(monkeypatch, db):
    monkeypatch.setattr(wake, "_tell", lambda: None)
    wake.when_idle.clear()
    wake.wait(0)  # whatever rang before
    with busy.serving():
        wake.soon()
        assert wake.when_idle.is_set() and not wake._bell.is_set()
    wake.soon()
    assert wake._bell.is_set()
    wake.when_idle.clear()
