"""The lexicon of notions: complete in every language, and read the same however it is written."""

import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.concepts import LANGUAGES, find, names
from kefu.text.tokens import raw_words

LEXICON = tomllib.loads((files("kefu.text") / "data" / "concepts.toml").read_text("utf-8"))
TO_TRADITIONAL = {
    ord(pair[1]): pair[0] for pair in (files("kefu.text") / "data" / "simplified.txt").read_text("utf-8").split() if len(pair) == 2
}


def test_every_notion_has_words_in_each_language():
    assert len(names()) >= 200
    for name, forms in LEXICON.items():
        assert set(LANGUAGES) - {"zh-hant"} <= {language for language, words in forms.items() if words}, name
        assert set(forms) <= set(LANGUAGES), name


@pytest.mark.parametrize("name", LEXICON)
def test_each_form_names_its_notion_also_in_traditional_characters(name):
    for language, forms in LEXICON[name].items():
        for form in forms:
            assert name in find(form.removeprefix("=")), (language, form)
            if language == "zh":
                assert name in find(form.translate(TO_TRADITIONAL)), form


@pytest.mark.parametrize(
    ("text", "not_named"),
    [
        ("is the money safe", "card"),
        ("can a fund be verified", "funding-rate"),
        ("why was I liquidated", "defi"),
        ("my authenticator is empty", "official"),
        ("an account", "employee-access"),
        ("an account", "statement"),
        ("the api", "interest"),
        ("an interesting story", "interest"),
        ("a good rate", "reputation"),
        ("a long way", "futures"),
        ("put it there", "call-put"),
        ("lots of activity", "turn-on"),
        ("quite busy", "close-account"),
        ("quite busy", "business"),
        ("it has to stop", "take-profit"),
    ],
)
def test_a_word_of_another_meaning_does_not_name_a_notion(text, not_named):
    assert not_named not in find(text)


# What English sentences consist of, whatever they are about.
EVERYDAY_ENGLISH = (
    "i you he she it we they me my your is am are was were be been do does did has have had can could will would a an the this that these those "
    "and or but so if not no of to in on at by for from with about as than then there here when where who how why what which any some so go "
    "going come want get got put let make made take tell say said know think like just only very really also even too well now never again"
).split()


def test_no_word_of_another_language_folds_to_an_everyday_english_one():
    said = set(EVERYDAY_ENGLISH)
    for name, forms in LEXICON.items():
        for language in set(forms) - {"en"}:
            assert not [form for form in forms[language] if set(raw_words(form)) <= said], (name, language)


@given(st.text(max_size=200), st.text(max_size=200))
def test_texts_on_two_lines_name_what_each_names(one, other):
    assert find(one) == find(one.upper().lower()) or not one.isascii()
    assert all(name in names() for name in find(f"{one}\n{other}"))
