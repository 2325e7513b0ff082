"""Markdown to safe HTML: for articles, for chat messages, and for what others sent as HTML."""

from kefu.text.markup.bare import bare
from kefu.text.markup.clean import clean
from kefu.text.markup.outline import Heading, outline, plain
from kefu.text.markup.render import render, render_message

__all__ = ["Heading", "bare", "clean", "outline", "plain", "render", "render_message"]
