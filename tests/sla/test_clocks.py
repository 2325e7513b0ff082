"""Clocks against a minute-by-minute simulation over random histories and calendars."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from calendars import calendars as any_calendars
from calendars import moments as starts
from calendars import working_minutes
from kefu.sla.clocks import Kind, Moment, What, follow, used
from kefu.text.business_time import Calendar

MINUTES = 2100
calendars = st.just(Calendar()) | any_calendars.filter(lambda one: any(any(spans) for spans in one.week.values()))
histories = st.builds(
    lambda start, found: [Moment(start, What.ASKED), *(Moment(start + timedelta(minutes=m), what) for m, what in sorted(found))],
    starts,
    st.lists(st.tuples(st.integers(1, 2000), st.sampled_from(list(What))), max_size=12, unique_by=lambda pair: pair[0]),
)
TARGETS = {Kind.FIRST_REPLY: timedelta(minutes=30), Kind.NEXT_REPLY: timedelta(minutes=20), Kind.RESOLUTION: timedelta(hours=4)}


def simulate(history, calendar):
    """Minute by minute: what the resolution has counted by each, and when its time was used up; it runs while the case is
    ours and not solved."""
    start, state, left, counted = history[0].at, "ours", list(history), 0
    used_up, total = None, []
    for n, working in enumerate(working_minutes(calendar, start, MINUTES)):
        while left and left[0].at <= start + timedelta(minutes=n):
            what = left.pop(0).what
            if what in {What.AGENT, What.WAITING, What.ASLEEP} and state == "ours":
                state = "theirs"
            elif what in {What.CUSTOMER, What.WORKING} and state == "theirs":
                state = "ours"
            elif what == What.SOLVED:
                state = "solved"
            elif what == What.REOPENED and state == "solved":
                state = "ours"
        if state == "ours" and working:
            counted += 1
            if timedelta(minutes=counted) == TARGETS[Kind.RESOLUTION]:
                used_up = start + timedelta(minutes=n + 1)
        total.append(counted)
    return total, used_up


@given(histories, calendars, st.integers(1, MINUTES))
def test_the_resolution_counts_what_the_simulation_counts(history, calendar, minute):
    clocks = [clock for clock in follow(history, calendar, TARGETS) if clock.kind == Kind.RESOLUTION]
    assert len(clocks) == 1
    total, used_up = simulate(history, calendar)
    assert used(clocks[0], calendar, history[0].at + timedelta(minutes=MINUTES)) == timedelta(minutes=total[-1])
    if clocks[0].met_at is None or minute <= (clocks[0].met_at - history[0].at).total_seconds() // 60:
        assert used(clocks[0], calendar, history[0].at + timedelta(minutes=minute)) == timedelta(minutes=total[minute - 1])
    if used_up and clocks[0].due_at:
        assert clocks[0].due_at == used_up


@given(histories, calendars)
def test_first_and_next_replies_are_due_when_the_simulation_says(history, calendar):
    working = working_minutes(calendar, history[0].at, MINUTES)
    for clock in follow(history, calendar, TARGETS):
        if clock.kind == Kind.RESOLUTION or clock.due_at is None:
            continue
        begin = int((clock.started - history[0].at).total_seconds() // 60)
        left, sleeps = int(clock.target.total_seconds() // 60), False
        moments = {int((moment.at - history[0].at).total_seconds() // 60): moment.what for moment in history[1:]}
        over = int((clock.met_at - history[0].at).total_seconds() // 60) if clock.met_at else MINUTES
        for n in range(begin, MINUTES):
            if n >= over:
                sleeps = False  # it ended: what came later changes nothing
            elif n > begin and moments.get(n) == What.ASLEEP:
                sleeps = True
            elif moments.get(n) in {What.CUSTOMER, What.WORKING}:
                sleeps = False
            left -= working[n] and not sleeps
            if left == 0:
                assert clock.due_at == history[0].at + timedelta(minutes=n + 1)
                break
        else:
            assert clock.due_at > history[0].at + timedelta(minutes=MINUTES)


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
    assert len(first) == 1 and first[0].started == history[0].at
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
