"""Routing against brute force: nobody who could serve stays idle while somebody waits, and nobody gets too much."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from kefu.routing.match import Server, Waiting, candidates, choose, fits

sets = st.frozensets(st.integers(1, 4), max_size=3)
servers = st.lists(
    st.builds(
        Server,
        pk=st.integers(),
        topics=sets,
        languages=st.frozensets(st.sampled_from(["zh", "en", "ru"]), max_size=2),
        teams=sets,
        capacity=st.integers(1, 3),
        load=st.integers(0, 3),
        last_assigned_at=st.none() | st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC)),
        level=st.integers(1, 4),
        tickets=st.integers(0, 12),
    ),
    max_size=6,
).map(lambda found: [replace(server, pk=n + 1) for n, server in enumerate(found)])
queues = st.lists(
    st.builds(
        Waiting,
        pk=st.integers(),
        topics=sets,
        language=st.sampled_from(["zh", "en", "ru", "vi"]),
        team=st.none() | st.integers(1, 4),
        level=st.integers(1, 4),
        overdue=st.booleans(),
        last=st.none() | st.integers(1, 6),
        not_agents=st.frozensets(st.integers(1, 6), max_size=2),
    ),
    max_size=8,
)


def serve_all(found, queue, *, ticket):
    """Serve a queue in its order; who got what, and who was left."""
    given, left = {}, []
    for waiting in queue:
        choice = choose(waiting, found, ticket=ticket)
        if choice is None:
            left.append(waiting)
            continue
        given.setdefault(choice.server.pk, []).append(waiting)
        more = {"tickets": choice.server.tickets + 1} if ticket else {"load": choice.server.load + 1}
        found = [replace(s, **more) if s.pk == choice.server.pk else s for s in found]
    return found, given, left


@given(servers, queues, st.booleans())
def test_no_matching_agent_with_room_is_idle_while_somebody_waits(found, queue, ticket):
    after, _, left = serve_all(found, queue, ticket=ticket)
    for waiting in left:
        able = candidates(waiting, after)
        assert not any(server.takes_ticket if ticket else server.is_free for server in able)


@given(servers, queues)
def test_nobody_gets_more_than_fits(found, queue):
    after, _, _ = serve_all(found, queue, ticket=False)
    before = {server.pk: server.load for server in found}
    assert all(server.load <= max(server.capacity, before[server.pk]) for server in after)
    after, _, _ = serve_all(found, queue, ticket=True)
    grown = [server for server in after if server.tickets > next(s.tickets for s in found if s.pk == server.pk)]
    assert all(server.load + server.tickets * 0.2 <= server.capacity + 1e-9 for server in grown)


@given(servers, queues)
def test_whoever_serves_has_the_rung_the_expertise_and_did_not_have_the_case_before(found, queue):
    _, given_out, _ = serve_all(found, queue, ticket=False)
    by_pk = {server.pk: server for server in found}
    for pk, cases in given_out.items():
        for waiting in cases:
            server = by_pk[pk]
            assert fits(server, waiting, any_language=True)
            assert server.level >= waiting.level and pk not in waiting.not_agents
            if waiting.language not in server.languages and server.languages:
                assert not any(fits(other, waiting) for other in found), "somebody present speaks the language"


@given(servers, queues)
def test_the_agent_of_last_time_is_preferred_and_every_choice_says_why(found, queue):
    for waiting in queue:
        choice = choose(waiting, found)
        if choice is None:
            continue
        assert choice.because[-1] in {"last_agent", "least_busy"}
        able = [server.pk for server in candidates(waiting, found) if server.is_free]
        assert (choice.server.pk == waiting.last) == (waiting.last in able)
