"""Clocks against a minute-by-minute simulation over random histories and calendars."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.sla.clocks import Kind, Moment, What, follow, used
from kefu.text.business_time import Calendar, elapsed

START = datetime(2026, 11, 20, 7, tzinfo=UTC)
OFFICE = Calendar("Asia/Shanghai", {d: ((time(9), time(12)), (time(13), time(18))) for d in range(7)})
calendars = st.sampled_from([Calendar(), OFFICE, Calendar("Europe/Berlin", {d: ((time(8, 30), time(17)),) for d in range(5)})])
histories = st.lists(st.tuples(st.integers(1, 2000), st.sampled_from(list(What))), max_size=12, unique_by=lambda pair: pair[0]).map(
    lambda found: [Moment(START, What.ASKED), *(Moment(START + timedelta(minutes=m), what) for m, what in sorted(found))]
)
TARGETS = {Kind.FIRST_REPLY: timedelta(minutes=30), Kind.NEXT_REPLY: timedelta(minutes=20), Kind.RESOLUTION: timedelta(hours=4)}


def simulate(history, calendar, until):
    """What the resolution has counted, minute by minute: it runs while the case is ours and not solved."""
    counted, state, at, left = timedelta(), "ours", START, list(history)
    while at < until:
        while left and left[0].at <= at:
            what = left.pop(0).what
            if what in {What.AGENT, What.WAITING} and state == "ours":
                state = "theirs"
            elif what in {What.CUSTOMER, What.WORKING} and state == "theirs":
                state = "ours"
            elif what == What.SOLVED:
                state = "solved"
            elif what == What.REOPENED and state == "solved":
                state = "ours"
        if state == "ours":
            counted += elapsed(calendar, at, at + timedelta(minutes=1))
        at += timedelta(minutes=1)
    return counted


@settings(max_examples=120)
@given(histories, calendars)
def test_the_resolution_counts_what_the_simulation_counts(history, calendar):
    until = START + timedelta(minutes=2100)
    clocks = [clock for clock in follow(history, calendar, TARGETS) if clock.kind == Kind.RESOLUTION]
    assert len(clocks) == 1
    assert used(clocks[0], calendar, until) == simulate(history, calendar, until)


@given(histories, calendars)
def test_a_running_clock_is_due_exactly_when_its_time_is_used_up(history, calendar):
    for clock in follow(history, calendar, TARGETS):
        if clock.due_at and not clock.met_at:
            assert used(clock, calendar, clock.due_at) == clock.target
        if clock.is_paused:
            assert clock.due_at is None


@given(histories, calendars)
def test_the_first_reply_runs_once_until_somebody_answers_or_it_is_solved(history, calendar):
    first = [clock for clock in follow(history, calendar, TARGETS) if clock.kind == Kind.FIRST_REPLY]
    assert len(first) == 1 and first[0].started == START
    ends = [m.at for m in history if m.what in {What.AGENT, What.SOLVED}]
    assert first[0].met_at == (min(ends) if ends else None)


@given(histories, calendars)
def test_every_unanswered_word_has_a_clock_and_none_runs_without_one(history, calendar):
    clocks = [clock for clock in follow(history, calendar, TARGETS) if clock.kind == Kind.NEXT_REPLY]
    open_since, replied = None, False
    for moment in history:
        if moment.what == What.AGENT:
            replied, open_since = True, None
        elif moment.what in {What.CUSTOMER, What.REOPENED} and replied:
            reopened = moment.what == What.REOPENED
            if not reopened or open_since is None:
                open_since = open_since or moment.at
        elif moment.what == What.SOLVED:
            open_since = None
    running = [clock for clock in clocks if clock.met_at is None]
    assert [clock.started for clock in running] == ([open_since] if open_since else [])


@given(st.randoms(use_true_random=False), histories, calendars)
def test_the_order_in_which_events_are_told_changes_nothing(random, history, calendar):
    shuffled = list(history)
    random.shuffle(shuffled)
    assert follow(shuffled, calendar, TARGETS) == follow(history, calendar, TARGETS)
