from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.priority import CHOICE, HIGH, LOW, NORMAL, SIGNALS, TOPIC, URGENT, Facts, weigh

PROVEN_SIGNALS = sorted(set(SIGNALS) - {"anger", "urgency"})
facts = st.builds(
    Facts,
    topic=st.sampled_from(sorted(TOPIC)),
    chosen=st.sampled_from(["", "normal", *CHOICE]),
    signals=st.lists(st.sampled_from(sorted(SIGNALS)), max_size=4).map(tuple),
    money=st.none() | st.decimals(0, 10**7, places=2),
    tier=st.integers(0, 6),
    in_incident=st.booleans(),
    reopened=st.integers(0, 9),
    missing=st.integers(0, 9),
)


@pytest.mark.parametrize(
    ("known", "level"),
    [
        (Facts(topic="low"), LOW),
        (Facts(), NORMAL),
        (Facts(chosen="urgent"), NORMAL),
        (Facts(chosen="low"), LOW),
        (Facts(topic="high", chosen="urgent", signals=("anger", "urgency")), HIGH),
        (Facts(topic="high", money=Decimal(120_000)), URGENT),
        (Facts(topic="normal", tier=4), HIGH),
        (Facts(signals=("takeover",)), URGENT),
        (Facts(topic="high", in_incident=True), NORMAL),
        (Facts(topic="high", reopened=1), HIGH),
    ],
)
def test_cases_have_the_level_that_the_table_says(known, level):
    assert weigh(known).level == level


@given(facts)
def test_the_reasons_add_up_and_are_all_told(known):
    verdict = weigh(known)
    assert sum(reason.points for reason in verdict.reasons) == verdict.points
    assert LOW <= verdict.level <= URGENT
    assert [abs(reason.points) for reason in verdict.reasons] == sorted((abs(r.points) for r in verdict.reasons), reverse=True)


@given(facts)
def test_misuse_of_urgent_never_makes_a_case_urgent(known):
    calm = weigh(Facts(**{**vars(known), "chosen": "", "signals": tuple(s for s in known.signals if s in PROVEN_SIGNALS)}))
    if calm.level < URGENT:
        assert weigh(known).level < URGENT


@given(facts, st.sampled_from(PROVEN_SIGNALS))
def test_an_alarm_never_lowers_a_case(known, signal):
    assert weigh(Facts(**{**vars(known), "signals": (*known.signals, signal)})).level >= weigh(known).level


def test_unknown_words_are_refused():
    with pytest.raises(KeyError):
        weigh(Facts(topic="whatever"))
    with pytest.raises(KeyError):
        weigh(Facts(chosen="very very urgent"))
