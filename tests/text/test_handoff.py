"""The wish for a person, heard in the words of many customers and not in words that only look like it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.handoff import wants_human

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences" / "handoff.toml").read_text("utf-8"))


def lines(kind, language):
    return [line for line in SENTENCES[kind][language].splitlines() if line]


@pytest.mark.parametrize("language", SENTENCES["wish"])
def test_nineteen_of_twenty_wishes_are_heard_in_every_language(language):
    asked = lines("wish", language)
    missed = [text for text in asked if not wants_human(text)]
    assert len(missed) <= len(asked) // 20, missed


@pytest.mark.parametrize("language", SENTENCES["other"])
def test_hardly_any_other_question_is_taken_for_a_wish(language):
    false = [text for text in lines("other", language) if wants_human(text)]
    assert len(false) <= 1, false


@pytest.mark.parametrize("text", ["tlak to a humna", "get me an agnet", "speeak to an operater please", "хочу опратора", "temsilcı lütfen"])
def test_typing_errors_are_forgiven(text):
    assert wants_human(text)


@pytest.mark.parametrize("text", ["我要 人 工 客 服", "I WANT A HUMAN!!!", "ｈｕｍａｎ", "Qüiero un agenté", "gặp nhân viên\nngay"])
def test_case_width_accents_and_spaces_make_no_difference(text):
    assert wants_human(text)


def test_a_wish_after_a_long_story_is_heard():
    assert wants_human("My deposit of 100 USDT has not arrived. " * 200 + "Let me talk to a person.")
    assert not wants_human("My deposit of 100 USDT has not arrived. " * 200)


def test_a_question_about_the_bot_beside_a_wish_is_still_a_wish():
    assert wants_human("Are you a bot? I want to talk to a human.")
    assert not wants_human("Are you a bot or a human?")


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    assert wants_human(text) in {True, False}


def test_what_is_said_last_after_a_pause_is_no_part_of_what_stands_before_it():
    assert wants_human("where is my deposit, agent please")
    assert not wants_human("how do I become a deposit agent")
