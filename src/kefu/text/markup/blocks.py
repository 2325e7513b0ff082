"""Blocks that Markdown has no word for: code in several languages, videos, troubleshooting trees.

They are plain HTML that reads well alone; scripts make tabs and players of them.
"""

import html
import re

from markdown_it.token import Token
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

VIDEO = re.compile(
    r"https://(?:www\.)?(?:youtube\.com/watch\?v=|youtu\.be/|youtube-nocookie\.com/embed/)(?P<youtube>[\w-]{6,20})"
    r"|https://(?:player\.)?vimeo\.com/(?:video/)?(?P<vimeo>\d{4,14})"
)
FILE = re.compile(r"[^\s\"'<>]+\.(?:mp4|webm)")
PLAYER = re.compile(r'<div class="video"><a href="(?P<file>[^"&\s%]+\.(?:mp4|webm))"[^>]*>(?P<caption>[^<]*)</a></div>')


def _html(content: str) -> Token:
    return Token("html_block", "", 0, content=content)


def tabs(tokens: list[Token]) -> list[Token]:
    """Fences in different languages that follow each other directly belong together: one figure each, with its name."""
    made: list[Token] = []
    at = 0
    while at < len(tokens):
        end = at
        while end < len(tokens) and tokens[end].type == "fence" and tokens[end].info.strip():
            end += 1
        if end - at < 2:
            made.append(tokens[at])
            at += 1
            continue
        made.append(_html('<div class="code-tabs">'))
        for token in tokens[at:end]:
            made += [_html(f"<figure><figcaption>{html.escape(_name(token.info.split()[0]))}</figcaption>"), token, _html("</figure>")]
        made.append(_html("</div>"))
        at = end
    return made


def _name(language: str) -> str:
    known = {"sh": "curl", "curl": "curl", "console": "curl"}
    try:
        return known.get(language) or str(get_lexer_by_name(language).name)
    except ClassNotFound:
        return language


def videos(tokens: list[Token]) -> list[Token]:
    """An image whose address is a video, alone in its paragraph: a link to a player without cookies, or to the file."""
    made = list(tokens)
    for at, token in enumerate(made):
        children = (token.children or []) if token.type == "inline" else []
        if len(children) != 1 or children[0].type != "image":
            continue
        source = str(children[0].attrGet("src") or "")
        address = _player(source)
        if address and made[at - 1].type == "paragraph_open":
            caption = html.escape(children[0].content or "Video")
            made[at - 1 : at + 2] = [
                Token("text", "", 0),
                _html(f'<div class="video"><a href="{html.escape(address)}">{caption}</a></div>'),
                Token("text", "", 0),
            ]
    return made


def _player(source: str) -> str:
    if match := VIDEO.match(source):
        if match["youtube"]:
            return f"https://www.youtube-nocookie.com/embed/{match['youtube']}"
        return f"https://player.vimeo.com/video/{match['vimeo']}?dnt=1"
    return source if FILE.fullmatch(source) else ""


def played(made: str) -> str:
    """Our own video files get a player; after the cleaning, because nobody else's HTML may have one."""
    return PLAYER.sub(
        lambda m: f'<figure><video controls preload="none" src="{m["file"]}"></video><figcaption>{m["caption"]}</figcaption></figure>', made
    )


def trees(tokens: list[Token]) -> list[Token]:
    """List items with a list inside, below an item that begins with ``?``, fold: question after question until the answer."""
    made: list[Token] = []
    folded: list[bool] = []
    summary = False
    for at, token in enumerate(tokens):
        if token.type == "list_item_open":
            inline = tokens[at + 2] if at + 2 < len(tokens) else None
            folds = bool(inline and inline.type == "inline" and inline.content.startswith("? "))
            folded.append(folds)
            made.append(token)
            if folds and inline and inline.children:
                inline.children[0].content = inline.children[0].content.removeprefix("? ")
                made.append(_html("<details><summary>"))
                summary = True
            continue
        if token.type == "list_item_close" and folded.pop():
            made += [_html("</details>"), token]
            continue
        if summary and token.type in {"paragraph_open", "paragraph_close"}:
            if token.type == "paragraph_close":
                made.append(_html("</summary>"))
                summary = False
            continue
        made.append(token)
    return made
