"""Tickets: signed, short-lived, for exactly the channels and audiences they were granted for."""

from django.core import signing

from kefu.system.live import Watch, grant
from kefu.system.live.stream import resume
from kefu.system.live.ticket import read


def test_a_ticket_is_ours_and_short_lived(settings):
    ticket = grant([Watch("c/1", "customer:en", 7)], who="x")
    assert read(ticket) == ("x", [Watch("c/1", "customer:en", 7)])
    settings.LIVE_TICKET_SECONDS = -1
    assert read(ticket) == ("", [])


def test_a_forged_ticket_opens_nothing():
    ticket = grant([Watch("c/1", "customer:en", 7)], who="x")
    others = (signing.dumps(["x", [["c/1", "agent:en", 0]]], salt="other"), signing.dumps(["x", []], key="k" * 40, salt="kefu.live"))
    for forged in (ticket[:-1] + ("x" if ticket[-1] != "x" else "y"), "", ":::", *others):
        assert read(forged) == ("", [])


def test_a_browser_goes_on_where_it_was_in_the_channels_of_its_ticket_only():
    watches = [Watch("c/a", "v", 3), Watch("c/b", "v", 4), Watch("desk")]
    assert [w.after for w in resume(watches, "c/a=9,c/x=5")] == [9, 4, 0]
    assert [w.after for w in resume(watches, "c/a=nonsense,,=,c/b")] == [3, 4, 0]
    assert [w.channel for w in resume(watches, "c/secret=1")] == ["c/a", "c/b", "desk"]
