"""What makes long texts quick never decides: it only spares a search that would find nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.secrets import cards, cues, identity_numbers, joined_phrases, named_keys, one_time_codes, redact, runs, wallet_keys
from kefu.text.secrets.reading import WORD, Reading
from kefu.text.secrets.wordlists import fold

CONTENT = Path(__file__).resolve().parents[2] / "content" / "articles"
LEGAL = "legal winner thank year wave sausage worth useful legal winner thank yellow"
SECRETS = [
    LEGAL, "my seed: " + LEGAL.title(), "password: Tr0ub4dor&3", "密码是 Abcd1234!", "пароль: Qwerty!234", "code 482913", "482 913 is my code",
    "card 4111 1111 1111 1111", "ssn 123-45-6789", "DE89 3704 0044 0532 0130 00", "110101199003070038", "my api secret is Zx8Kq2Lw9Vb4Nm7Tr5Yp",
    "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ", "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "sk-proj-1234567890abcdefghij",
    "X-MBX-APIKEY: vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A", "legalwinnerthankyearwavesausageworthusefullegalwinnerthankyellow",
]  # fmt: skip
PIECES = ["legal", "Winner", "é", "e\u0301", "\u0301", "词", "第1个", "①", " ", "\n", "\u200b", "7", "_", "\ufffc", "x\ufffdy"]
LOOKS = [
    (cards.NUMBER, lambda text: runs.may_have_digits(text, cards.FEWEST, " .-")),
    (identity_numbers.RESIDENT, lambda text: runs.may_have_digits(text, 17, " ")),
    (identity_numbers.SSN, lambda text: runs.may_have_digits(text, 9, " -")),
    (identity_numbers.IBAN, runs.may_have_country_code),
    (one_time_codes.ALONE, lambda text: runs.may_have_digits(text, 6, " -")),
    (wallet_keys.TOKEN, lambda text: runs.has_alphanumerics(text, wallet_keys.SHORTEST)),
    (named_keys.HEX, lambda text: runs.has_alphanumerics(text, named_keys.SHORTEST)),
    (named_keys.BASE58, lambda text: runs.has_alphanumerics(text, named_keys.SHORTEST)),
    (joined_phrases.LATIN, lambda text: runs.has_letters(text, joined_phrases.SHORTEST)),
]


@pytest.mark.parametrize(("expression", "look"), LOOKS)
@given(data=st.data(), before=st.text(max_size=4), after=st.text(max_size=4))
def test_a_quick_look_says_yes_wherever_the_expression_finds_something(expression, look, data, before, after):
    text = before + data.draw(st.from_regex(expression)) + after
    assert look(text) or not expression.search(text)


def test_a_quick_look_says_no_to_prose():
    prose = "“Deposits” arrive – after 12 to 35 confirmations – in 2024, e.g. at 10:30; support is free. " * 50
    assert not any(look(prose) for _, look in LOOKS)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("prose", ["Nothing of note happened on the way to the river. ", "“Nothing” of note – вчера – 昨天没事。"])
def test_a_secret_in_a_long_text_is_the_one_of_the_short_text(secret, prose):
    short, long = (redact(f"{prose * times}\n{secret}\n{prose * times}") for times in (12, 120))
    shift = len(prose) * (120 - 12)
    assert short.findings
    assert [(f.kind, f.start + shift, f.end + shift, f.certainty) for f in short.findings] == [
        (f.kind, f.start, f.end, f.certainty) for f in long.findings
    ]


@pytest.mark.parametrize(("section", "group"), [(section, group) for section in ("cues", "not") for group in cues.data()[section]])
def test_an_english_text_has_the_same_words_without_the_other_languages(section, group):
    listed = [word.replace("*", "") for word in cues.data()[section][group] if word.isascii()]
    articles = [path.read_text("utf-8").lower() for path in sorted(CONTENT.glob("*/*.en.md"))[:40]]
    for low in [*listed, " | ".join(listed), *articles]:
        every, english = cues.pattern(section, group), cues.pattern(section, group, english=True)
        assert [m.span() for m in every.finditer(low)] == [m.span() for m in english.finditer(low)]


@given(st.lists(st.sampled_from(PIECES)))
def test_the_words_of_a_reading_stand_where_the_expression_finds_them(parts):
    text = "".join(parts)
    reading = Reading(text)
    places = [(token.start, token.end) for token in map(reading.token, range(len(reading.words)))]
    assert places == [match.span() for match in WORD.finditer(text)]
    assert reading.tokens_from(3, 99) == [reading.token(n) for n, (start, _) in enumerate(places) if start >= 3]


@given(st.lists(st.sampled_from(["legal", "Winner", "é", "词", " ", "\u200b", "\ufeff", "7"])))
def test_the_words_between_invisible_characters_keep_their_places(parts):
    text = "".join(parts)
    reading = Reading.without_invisible(text)
    for token in map(reading.token, range(len(reading.words))):
        assert fold(re.sub("[\u200b\ufeff]", "", text[token.start : token.end])) == token.word
