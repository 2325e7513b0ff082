"""Documents by their notions: languages count together, adding and removing leave no trace."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kefu.text.retrieval.notions import Notions

TEXTS = st.sampled_from(["withdraw fee", "deposit memo", "提现手续费", "充值没到账", "password", "nothing of note", ""])


def test_languages_of_a_document_count_together():
    held = Notions()
    held.add("fees", [("title", "提现手续费")])
    held.add("fees", [("title", "Withdrawal fees")])
    held.add("memo", [("title", "Deposit without memo")])
    assert max(held.fits("сколько стоит вывод средств").items(), key=lambda item: item[1])[0] == "fees"


def test_a_document_that_keeps_to_the_question_beats_one_that_mentions_it():
    held = Notions()
    held.add("fees", [("title", "Withdrawal fees")])
    held.add("all", [("title", "Withdrawal fees, limits, networks, addresses, cards, banks and taxes")])
    scores = held.fits("what is the withdrawal fee")
    assert scores["fees"] > scores["all"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), TEXTS), max_size=10), TEXTS)
@example([(0, "充值没到账"), (0, "deposit memo")], "充值没到账")
def test_what_was_removed_leaves_no_trace(entries, question):
    stepwise, fresh = Notions(), Notions()
    held = {}
    for doc, title in entries:
        stepwise.remove(doc)
        stepwise.add(doc, [("title", title)])
        held[doc] = title
    for doc, title in held.items():
        fresh.add(doc, [("title", title)])
    expected = {doc: pytest.approx(score, abs=1e-3) for doc, score in fresh.fits(question).items()}
    assert stepwise.fits(question) == expected
