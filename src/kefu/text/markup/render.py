"""Rendering Markdown: CommonMark with tables and strikethrough, callouts, anchors and coloured code."""

import html
import itertools
import re
from collections.abc import Callable
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from kefu.text.markup.blocks import played
from kefu.text.markup.blocks import tabs as _tabs
from kefu.text.markup.blocks import trees as _trees
from kefu.text.markup.blocks import videos as _videos
from kefu.text.markup.clean import clean
from kefu.text.markup.outline import anchor, words

Resolve = Callable[[str], str | None]

INTERNAL = re.compile(r"^(?:article|topic|page):[\w-]+$")
# One line without a character that means something in Markdown, in HTML or in an address: most of what is said in a chat.
PLAIN = re.compile(r"(?![0-9 ])(?:[A-Za-z0-9\u4e00-\u9fff，。？！、；,?!'\u2019]|(?<! ) (?! |$))+")
CALLOUT = re.compile(r"^\[!(NOTE|TIP|WARNING|DANGER|IMPORTANT|CAUTION)\][ \t]*\n?", re.IGNORECASE)
KINDS = {"note": "note", "tip": "tip", "important": "note", "warning": "warning", "caution": "warning", "danger": "danger"}
_formatter = HtmlFormatter(nowrap=True, classprefix="hl-")


def _code(source: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else None
    except ClassNotFound:
        lexer = None
    if lexer is None:
        return f'<pre class="highlight"><code>{html.escape(source)}</code></pre>'
    inside = highlight(source, lexer, _formatter)
    return f'<pre class="highlight"><code class="language-{html.escape(language)}">{inside}</code></pre>'


_article = MarkdownIt("commonmark", {"highlight": _code, "html": True}).enable(["table", "strikethrough"])
_message = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
_message.enable(["strikethrough", "linkify", "table"]).disable(
    ["image", "heading", "lheading", "html_block", "html_inline", "hr", "reference"]
)


def render(markdown: str, resolve: Resolve | None = None) -> str:
    """An article's safe HTML. ``resolve`` turns ``article:slug``, ``topic:slug`` and ``page:name`` into addresses;
    a link that it does not know becomes plain text."""
    environment: dict[str, Any] = {}
    tokens = _article.parse(markdown, environment)
    _anchors(tokens)
    _callouts(tokens)
    for token in tokens:
        if token.type == "inline":
            token.children = _links(token.children or [], resolve)
    made = _article.renderer.render(_trees(_tabs(_videos(tokens))), _article.options, environment)
    made = made.replace("<table>", '<div class="scroll-x" tabindex="0"><table>').replace("</table>", "</table></div>")
    return played(_own_links(clean(made)))


def render_message(markdown: str) -> str:
    """A chat message's safe HTML: paragraphs, lists, emphasis, code and links; no headings, images or HTML."""
    if PLAIN.fullmatch(markdown):
        return f"<p>{markdown}</p>\n"
    return clean(_message.render(markdown))


def _own_links(made: str) -> str:
    """Links to our own pages carry none of the marks that foreign ones do."""
    return re.sub(r'<a href="(/[^"/][^"]*|/|#[^"]*)"([^>]*?) rel="[^"]*"', r'<a href="\1"\2', made)


def _anchors(tokens: list[Token]) -> None:
    taken: set[str] = set()
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(words(inline), taken))


def _callouts(tokens: list[Token]) -> None:
    """``> [!WARNING]`` at the start of a quote makes it a callout."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token.type == "blockquote_open":
            opened.append(at)
        elif token.type == "blockquote_close":
            start = opened.pop()
            inline = tokens[start + 2] if start + 2 < at else None
            if inline is None or inline.type != "inline" or not (found := CALLOUT.match(inline.content)):
                continue
            tokens[start].tag = token.tag = "aside"
            tokens[start].attrSet("data-kind", KINDS[found[1].lower()])
            children = inline.children or []
            if children:
                children[0].content = re.sub(r"^\[!\w+\][ \t]*", "", children[0].content)
                if not children[0].content and len(children) > 1 and children[1].type == "softbreak":
                    del children[:2]


def _links(children: list[Token], resolve: Resolve | None) -> list[Token]:
    kept: list[Token] = []
    dropped: list[bool] = []
    for token in children:
        if token.type == "link_open":
            href = str(token.attrGet("href") or "")
            target = resolve(href) if resolve and INTERNAL.match(href) else href
            dropped.append(bool(INTERNAL.match(href)) and not (resolve and target))
            if dropped[-1]:
                continue
            token.attrSet("href", target or href)
        elif token.type == "link_close" and dropped.pop():
            continue
        kept.append(token)
    return kept
