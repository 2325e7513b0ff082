"""Markdown and HTML: nothing runs, nothing pretends to be us."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.text.markup import clean, outline, plain, render, render_message

DATA = Path(__file__).parents[3] / "shared" / "data" / "xss_vectors.json"
FORBIDDEN = {"script", "iframe", "object", "embed", "style", "svg", "math", "form", "input", "button", "link", "meta", "base", "template"}
RUNS = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data):", re.I)


class Look(HTMLParser):
    """Collects what a browser would run or load as something else."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attrs):
        if tag in FORBIDDEN:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"} or (name in {"href", "src"} and RUNS.match(value or "")):
                self.bad.append((tag, name, value))


def dangers(html):
    look = Look()
    look.feed(html)
    return look.bad


def tags(html):
    return "".join(re.findall(r"<[^>]*>", html))


def test_an_article_has_tables_callouts_anchors_and_coloured_code():
    html = render("## 确认数\n\n> [!WARNING]\n> careful\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n```python\nprint(1)\n```\n")
    assert '<h2 id="s-确认数">' in html
    assert '<aside data-kind="warning">' in html and "[!" not in html
    assert "<table>" in html and 'class="hl-' in html


def test_internal_links_are_resolved_and_unknown_ones_become_words():
    html = render("[a](article:x) [b](article:gone)", resolve=lambda href: "/en/articles/x/" if href == "article:x" else None)
    assert '<a href="/en/articles/x/">a</a>' in html and ">b<" not in html and "b" in html


def test_nobody_can_write_a_seal():
    for made in (render('<span class="seal">官</span>'), render_message('<span class="seal">官</span>'), clean('<b class="seal x">官</b>')):
        assert 'class="seal' not in tags(made)


def test_a_message_has_no_headings_images_or_html():
    html = render_message("# big\n![x](http://evil/x.png)\n<b>x</b>\nhttps://example.org")
    assert not re.search(r"<h1|<img|<b>", html)
    assert 'rel="noopener noreferrer nofollow ugc"' in html


def test_the_outline_names_the_same_anchors_as_the_page():
    text = "## One `x`\n## One x\n"
    assert all(f'id="{heading.anchor}"' in render(text) for heading in outline(text))
    assert plain("**b** [c](d)\n\n> [!TIP]\n> e") == "b c\ne"


@pytest.mark.skipif(not DATA.exists(), reason="the public data set is not here")
def test_no_attack_of_the_public_set_survives():
    for row in json.loads(DATA.read_text("utf-8")):
        for make in (render, render_message, clean):
            assert not dangers(make(row["payload"])), (make.__name__, row["id"])


@given(st.text(max_size=300))
def test_no_text_breaks_rendering_and_cleaning_twice_changes_nothing(text):
    render(text)
    render_message(text)
    once = clean(text)
    assert clean(once) == once


@given(st.text(st.sampled_from("aZ9 ，。？！、；,?!'’充值\n-*_`<&\"#.:/@~|[]()>+=\\"), max_size=12))
def test_the_short_way_for_plain_lines_gives_what_the_long_one_gives(text):
    from kefu.text.markup.clean import clean
    from kefu.text.markup.render import _message

    assert render_message(text) == clean(_message.render(text))


def test_plain_lines_take_the_short_way():
    from kefu.text.markup.render import PLAIN

    assert all(PLAIN.fullmatch(text) for text in ("hello there", "充值两个小时了，还没到账！", "don't, please?"))
    assert not any(PLAIN.fullmatch(text) for text in ("1. first", "- item", "a *b*", "see www.x.example", "<b>", " x", "a  b", "a\nb"))
