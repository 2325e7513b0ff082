"""A line of a list: what somebody wrote without the marks of Markdown, also where it was cut in the middle of one.

Not a parser: lists show fifty lines at once, and only marks that nobody would read out are taken away. Single stars, underscores
and numbers stay, for they are as often a word's own.
"""

import re

_LINK = re.compile(r"!?\[([^\[\]]{0,200})\]\([^()\s]{0,400}\)?")
_MARKS = re.compile(r"\*\*|~~|`+|(?:(?<=\n)|^)[ \t]*(?:#{1,6}[ \t]+|>+[ \t]?|[-*+][ \t]+(?=\S))")


def bare(text: str) -> str:
    """The words alone."""
    if not any(mark in text for mark in ("**", "`", "](", "~~", "#", ">", "- ", "* ", "+ ")):
        return text
    return _MARKS.sub("", _LINK.sub(r"\1", text))
