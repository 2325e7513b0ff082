"""Phrases with lists, choices, gaps and endings, compiled for matching."""

import pytest

from kefu.text.phrases import compiled, spaced, unspaced, whole

CLASSES = {"talk": ["speak", "talk"], "person": ["human", "{staff}"], "staff": ["agent", "support team"]}


def found(phrase, text):
    return bool(compiled([phrase], CLASSES, spaces=True).search(spaced(text)))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("{talk} to {person}", "let me TALK to support-team!"), ("{talk} (to|with) [a] human", "speak with human"),
        ("{talk} (to|with) [a] human", "speak to a human"), ("want ~ agent", "I want, now, an agent"), ("agent*", "agents"),
        ("help me .", "please help me, thanks"), ("(a|an)? agent", "agent"), ("don't", "I don’t"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_whatever_the_case_and_the_gaps(phrase, text):
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("agent", "agents"), ("agent", "urgent reagent"), ("want ~ agent", "want a b c d agent"), ("want ~ agent", "what I want. An agent"),
        ("help me .", "help me sell"),
    ],
)  # fmt: skip
def test_a_phrase_reaches_over_no_word_and_no_end_of_a_sentence(phrase, text):
    assert not found(phrase, text)


def test_scripts_without_spaces_are_compared_without_them():
    pattern = compiled(["转 [接] ~ 人工"], {}, spaces=False)
    assert pattern.search(unspaced("請幫我轉 一下人工"))
    assert not pattern.search(unspaced("转账。人工"))


def test_a_whole_message_may_have_fillers_only():
    pattern = whole(["{person}"], ["please", "now"], CLASSES, spaces=True)
    assert pattern.fullmatch(spaced("human please, now"))
    assert not pattern.fullmatch(spaced("human error"))


def test_a_mistake_in_a_phrase_is_told():
    with pytest.raises(KeyError):
        compiled(["{nobody}"], {}, spaces=True)
    with pytest.raises(ValueError, match="brackets"):
        compiled(["(a"], {}, spaces=True)
