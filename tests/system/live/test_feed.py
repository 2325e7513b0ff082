"""A feed hands out everything once, whatever order rings, reads and comers come in."""

from hypothesis import given
from hypothesis import strategies as st

from kefu.system.live.feed import Feed
from kefu.system.live.sources import LiveEvent


class Listener:
    def __init__(self, after):
        self.after, self.heard = after, []

    def tell(self, channel, events, ready):
        ids = tuple(event.id for event in events)
        assert ready.setdefault(ids[0], ids) == ids, "whoever lacks the same is told the same"
        self.heard += ids

    def write(self, body):
        raise AssertionError("nothing is whispered here")


class World:
    """A database whose rows only grow, and one feed over it; a read sees the rows of the moment it runs."""

    def __init__(self):
        self.head, self.feed, self.everybody, self.reads, self.looks = 0, Feed("c/1", "v"), [], [], []

    def commit_and_ring(self, rings):
        self.head += 1
        if rings:
            self.feed.wanted = max(self.feed.wanted, self.head)
        if rings == "with words":
            self.feed.take([LiveEvent(self.head, "message", "")])

    def come(self, missed):
        listener = Listener(max(0, self.head - missed))
        self.everybody.append(listener)
        self.feed.joining[listener] = listener.after

    def go(self, which):
        if self.everybody:
            listener = self.everybody.pop(which % len(self.everybody))
            self.feed.leave(listener)

    def begin_look(self):
        self.looks.append((self.head, tuple(self.feed.joining)))

    def end_look(self):
        if self.looks:
            self.feed.stands_at(*self.looks.pop(0))

    def look(self):
        self.feed.stands_at(self.head, tuple(self.feed.joining))

    def begin_read(self):
        if not self.feed.reading and not self.feed.is_empty:
            self.feed.reading = True
            start = self.feed.start()
            rows = [LiveEvent(n, "message", "") for n in range(start + 1, self.head + 1)]
            self.reads.append((rows, dict(self.feed.joining), start))

    def end_read(self):
        if self.reads:
            rows, joined, start = self.reads.pop()
            self.feed.reading = False
            self.feed.hand_out(rows, joined, start)


STEPS = st.one_of(
    st.tuples(st.just("commit_and_ring"), st.sampled_from([False, True, "with words"])),
    st.tuples(st.just("come"), st.integers(0, 4)),
    st.tuples(st.just("go"), st.integers(0, 9)),
    *(st.tuples(st.just(name)) for name in ("begin_look", "end_look", "begin_read", "end_read")),
)


@given(st.lists(STEPS, max_size=60))
def test_everybody_gets_every_event_once_and_in_order(steps):
    world = World()
    for name, *arguments in steps:
        getattr(world, name)(*arguments)
    while world.looks:
        world.end_look()
    world.end_read()
    world.look()
    world.begin_read()
    world.end_read()
    for listener in world.everybody:
        assert listener.heard == list(range(listener.after + 1, world.head + 1))


def test_who_comes_while_an_older_read_is_under_way_misses_nothing():
    world = World()
    for _ in range(8):
        world.commit_and_ring(rings=False)
    world.come(missed=1)
    world.begin_read()
    world.come(missed=6)
    world.end_read()
    assert world.everybody[0].heard == [8] and world.everybody[1].heard == [] and world.feed.is_due
    world.begin_read()
    world.end_read()
    assert world.everybody[1].heard == [3, 4, 5, 6, 7, 8] and world.everybody[0].heard == [8]


def test_a_position_beyond_the_end_silences_nobody():
    world = World()
    world.commit_and_ring(rings=True)
    world.come(missed=0)
    world.feed.joining[world.everybody[0]] = world.everybody[0].after = 10**9
    world.look()
    world.come(missed=0)
    world.look()
    world.commit_and_ring(rings=True)
    world.begin_read()
    world.end_read()
    assert world.everybody[1].heard == [2]


def test_who_has_it_all_waits_for_no_read():
    world = World()
    world.commit_and_ring(rings=True)
    world.come(missed=0)
    world.look()
    assert not world.feed.is_due
