"""One writer at a time, in the order in which they asked."""

import threading
import time

from kefu.system.turn import Line


def test_a_busy_worker_does_not_keep_a_request_waiting():
    line, stop, ran = Line(), threading.Event(), []

    def work():
        while not stop.is_set():
            line.enter()
            time.sleep(0.001)
            ran.append("job")
            line.leave()

    worker = threading.Thread(target=work)
    worker.start()
    while len(ran) < 3:
        time.sleep(0.001)
    for _request in range(20):
        before = len(ran)
        line.enter()
        assert len(ran) - before <= 2, "at most the job that runs, and one that was in line"
        line.leave()
    stop.set()
    worker.join(5)


def test_who_has_the_turn_may_take_it_again_and_keeps_it_until_the_last_end():
    line, order = Line(), []
    line.enter()
    line.enter()

    def other():
        line.enter()
        order.append("other")
        line.leave()

    thread = threading.Thread(target=other)
    thread.start()
    line.leave()
    time.sleep(0.02)
    order.append("mine")
    line.leave()
    thread.join(5)
    assert order == ["mine", "other"]


def test_never_two_at_once():
    line, inside, most = Line(), [], []

    def work():
        for _ in range(300):
            line.enter()
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            line.leave()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert max(most) == 1 and len(most) == 1200
