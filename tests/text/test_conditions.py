import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.conditions import CLOSED, NAMES, NUMBERS, TEXT, TIMES, BadCondition, Term, parse, write

values = st.text(st.characters(categories=["Ll", "Lo", "Nd"]), min_size=1, max_size=8).map(str.lower).filter(lambda v: v == v.lower())
terms = st.one_of(
    st.builds(
        Term,
        st.sampled_from(sorted(TEXT - set(CLOSED))),
        st.just(":"),
        st.lists(values, min_size=1, max_size=3, unique=True).map(tuple),
        st.booleans(),
    ),
    st.sampled_from(sorted(CLOSED)).flatmap(
        lambda name: st.builds(
            Term,
            st.just(name),
            st.just(":"),
            st.lists(st.sampled_from(sorted(CLOSED[name])), min_size=1, max_size=3, unique=True).map(tuple),
            st.booleans(),
        )
    ),
    st.builds(
        Term,
        st.sampled_from(sorted(NUMBERS)),
        st.sampled_from([":", ">=", "<=", ">", "<"]),
        st.integers(0, 99999).map(lambda n: (str(n),)),
        st.booleans(),
    ),
    st.builds(
        Term,
        st.sampled_from(sorted(TIMES)),
        st.sampled_from([">=", "<=", ">", "<"]),
        st.integers(1, 9999).map(lambda n: (str(n * 60),)),
        st.booleans(),
    ),
    st.builds(
        Term,
        st.just(""),
        st.just(":"),
        st.text(st.characters(exclude_characters='"', categories=["L", "Nd", "Zs"]), min_size=1, max_size=20)
        .filter(lambda t: t.strip())
        .map(lambda t: (t,)),
        st.booleans(),
    ),
)


def test_terms_are_read_as_they_are_written():
    assert parse('status:open,pending -tag:vip tier>=3 waiting>30m "not arrived" priority:high') == (
        Term("status", ":", ("open", "pending")),
        Term("tag", ":", ("vip",), negated=True),
        Term("tier", ">=", ("3",)),
        Term("waiting", ">", ("1800",)),
        Term("", ":", ("not arrived",)),
        Term("priority", ":", ("3",)),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("colour:red", "name"),
        ("tier>=many", "number"),
        ("waiting>soon", "time"),
        ("waiting:30m", "time"),
        ("status:", "empty"),
        ("status>open", "number"),
        ("status:solvd", "value"),
        ("-is:open,forgotten", "value"),
        ("status:,", "empty"),
        ("x " * 30, "too_many"),
    ],
)
def test_what_says_nothing_is_refused_with_a_reason(text, why):
    with pytest.raises(BadCondition) as error:
        parse(text)
    assert error.value.why == why


def test_an_address_of_the_web_is_words():
    assert parse("https://example.com/a")[0].name == ""


@given(st.lists(terms, max_size=6).map(tuple))
def test_writing_and_reading_gives_the_same(given_terms):
    assert parse(write(given_terms)) == given_terms


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse(text)
    except BadCondition:
        return
    assert all(term.name in NAMES or term.name == "" for term in found)
