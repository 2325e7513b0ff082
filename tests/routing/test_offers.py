"""Very many causes to look for free hands are one look."""

from kefu.conversations.models import Conversation
from kefu.routing.assign import OFFER
from kefu.system.jobs.models import Job
from kefu.system.jobs.queue import enqueue
from kefu.system.jobs.run import work_off


def test_one_look_serves_everybody_who_waits_for_one(say, make_agent, settle):
    made = [say("I want to talk to a human", who=f"b{n}").conversation for n in range(3)]
    settle()
    event = made[0].events.first()
    for _ in range(50):
        enqueue(OFFER, event_id=event.pk)
    make_agent("ann", badge="2001", capacity=3)
    assert work_off() < 15  # one look, and what it leads to
    assert Conversation.objects.filter(stage="live").count() == 3 and not Job.objects.filter(handler=OFFER).exists()
