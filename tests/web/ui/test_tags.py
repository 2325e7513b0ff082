"""Tags and filters: what they write."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import engines
from django.utils import timezone, translation

from kefu.web.ui.clock import duration, language_tag, when
from kefu.web.ui.forms import field
from kefu.web.ui.marks import avatar, meter, pill
from kefu.web.ui.rail import rail_entries


class Ask(forms.Form):
    """Enough to see labels, hints and errors."""

    email = forms.EmailField(label="Mail")
    why = forms.CharField(label="Why", required=False, widget=forms.Textarea)
    how = forms.ChoiceField(label="How", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (134, "2 minutes 14 seconds"),
        (3600, "1 hour"),
        (7500, "2 hours 5 minutes"),
        (timedelta(days=3, minutes=5), "3 days"),
        (-5, "0 seconds"),
        (None, ""),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(seconds: float | timedelta | None, words: str) -> None:
    with translation.override("en"):
        assert duration(seconds) == words


def test_a_moment_carries_its_exact_time_for_scripts() -> None:
    moment = datetime(2026, 11, 20, 3, 24, 7, tzinfo=UTC)
    assert 'datetime="2026-11-20T03:24:07+00:00" data-when="ago"' in when(moment, "ago")
    assert " UTC</time>" in when(moment)
    assert when(None) == ""


def test_moments_of_one_second_are_drawn_once() -> None:
    moment = datetime(2026, 11, 20, 3, 24, 7, 125, tzinfo=UTC)
    assert when(moment, "time") is when(moment.replace(microsecond=900_000), "time")
    assert when(moment, "ago") != when(moment.replace(second=8), "ago")


def test_near_moments_say_the_time_and_others_their_day(time_machine) -> None:
    time_machine.move_to(datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    shown = [when(datetime(*at, tzinfo=UTC), "near") for at in ((2026, 11, 20, 3, 24), (2026, 11, 19, 3, 24), (2025, 1, 2, 3, 4))]
    assert [text.split(">")[1].removesuffix(" UTC</time") for text in shown] == ["03:24", "11-19 03:24", "2025-01-02 03:04"]


@pytest.mark.parametrize(("code", "tag"), [("zh-hans", "zh-Hans"), ("en", "en"), ("pt-br", "pt-BR")])
def test_language_codes_are_written_as_html_wants_them(code: str, tag: str) -> None:
    assert language_tag(code) == tag


def test_an_unknown_state_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown state"):
        pill("purple", "?")


def test_names_cannot_smuggle_markup_into_an_avatar() -> None:
    assert "<b" not in avatar("<b>", presence='"><i>')
    assert "<i>" not in avatar("x", presence='"><i>')


def test_a_meter_is_an_element_that_screen_readers_know() -> None:
    assert meter(12, 20, "Confirmations") == '<progress class="meter" value="12" max="20" aria-label="Confirmations"></progress>'


def test_an_error_is_tied_to_its_field() -> None:
    html = field(Ask({"email": "li@mail"})["email"], hint="Where we answer.")
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email-hint id_email-error"' in html
    assert 'id="id_email-error"' in html and 'id="id_email-hint"' in html
    assert '<label for="id_email">' in html


def test_a_field_that_may_stay_empty_says_so() -> None:
    with translation.override("en"):
        assert "optional" in field(Ask()["why"])
        assert "optional" not in field(Ask()["email"])


def test_choices_are_a_group_with_a_name() -> None:
    html = field(Ask()["how"])
    assert html.count("<fieldset") == 1 and "<legend>How" in html
    assert html.count('class="choice"') == 2


def test_arguments_become_attributes() -> None:
    assert 'hx-post="/x/"' in field(Ask()["email"], hx_post="/x/")
    assert 'class="input mono"' in field(Ask()["email"], mono=True)


@pytest.mark.parametrize("name", ["banner", "empty", "dialog"])
def test_blocks_escape_what_they_are_given(name: str) -> None:
    args = {"banner": '"warn"', "empty": "bad", "dialog": '"d" bad'}[name]
    template = engines["django"].from_string(f"{{% {name} {args} %}}{{{{ bad }}}}{{% end{name} %}}")
    html = template.render({"bad": "<script>"})
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_the_same_moment_is_told_on_each_readers_own_clock_and_in_their_language() -> None:
    moment = datetime(2026, 11, 20, 23, 24, 7, tzinfo=UTC)
    with translation.override("zh-hans"):
        told = {when(moment)}
        with timezone.override("Asia/Shanghai"):
            told |= {when(moment), when(moment, "date"), when(moment, "day")}
    with translation.override("en"):
        told |= {when(moment)}
    assert len(told) == 5


def test_an_entry_of_the_rail_is_a_link_whose_words_are_text() -> None:
    entry = {"label": "<b>R&D</b>", "url": "/desk/?q=a&b", "icon": "star", "count": 0, "late": True, "current": True}
    shown = rail_entries([entry, {"label": "Plain", "url": "/", "count": None}])
    assert '<a href="/desk/?q=a&amp;b" title="&lt;b&gt;R&amp;D&lt;/b&gt;" aria-current="page"><svg' in shown
    assert '<span class="late">0</span></a><a href="/" title="Plain"><b class="t">Plain</b></a>' in shown
