"""A line of a list shows words, not marks, and leaves alone what is a word's own."""

import pytest

from kefu.text.markup import bare


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We have **received** it", "We have received it"),
        ("somebody withdrew **500 …", "somebody withdrew 500 …"),
        ("see [the guide](https://a.example/x) first", "see the guide first"),
        ("see [the guide](https://a.exa", "see the guide"),
        ("## Steps\n1. Open", "Steps\n1. Open"),
        ("> quoted\n- one\n* two", "quoted\none\ntwo"),
        ("run `kefu run` now", "run kefu run now"),
        ("~~old~~ new", "old new"),
        ("2 * 3 * 4 and snake_case and __init__", "2 * 3 * 4 and snake_case and __init__"),
        ("a - b, 5 > 3, #1 in the list, C# and +1", "a - b, 5 > 3, #1 in the list, C# and +1"),
        ("[removed: password]", "[removed: password]"),
        ("提现 **未到账**", "提现 未到账"),
    ],
)
def test_marks_are_taken_away_and_nothing_else(text, words):
    assert bare(text) == words
