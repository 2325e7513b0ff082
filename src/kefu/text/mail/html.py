"""The text of a mail's HTML, with the quoted parts left out or marked as such."""

import re
from html import unescape

import nh3

LONGEST = 3_000_000  # characters that are looked at
DEEPEST = 1500  # elements inside one another: nobody's mail; repairing more takes time with the square of the depth
MOST_TAGS = 20_000  # nobody's mail has more; each costs time
# What the sanitiser writes, and nothing else: attributes in double quotes, every other "<" as an entity.
_PIECES = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|([^<]+)")
_VALUES = re.compile(r'([a-z]+)="([^"]*)"')
_OPENING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,12})")
_BLOCKS = {
    "p",
    "div",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "table",
    "section",
    "article",
    "header",
    "footer",
    "center",
    "address",
    "dl",
    "dt",
    "dd",
    "pre",
}
_TAGS = _BLOCKS | {
    "br",
    "hr",
    "li",
    "blockquote",
    "a",
    "td",
    "th",
    "tbody",
    "thead",
    "span",
    "b",
    "i",
    "strong",
    "em",
    "u",
    "font",
    "code",
    "img",
}
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "wbr", "source", "area", "base", "p", "li", "td", "tr", "th"}
# The classes and ids in which mail programs put the earlier mail.
_QUOTES = {
    "gmail_quote", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "tutanota_quote", "zmail_extra", "ntes-mailmaster-quote", "isreplycontent",
    "divrplyfwdmsg", "replyforwardcontent", "mail-quote-collapse", "outlookmessageheader", "olk_src_body_section", "qt-reply-quote", "spark_quote", "reply-intro", "mailru-blockquote",
    "x_gmail_quote", "cm_quote", "mcntmcontainer", "reply_container_quote",
}  # fmt: skip
# Below these stands the earlier mail, not within.
_BELOW = {"appendonsend", "divrplyfwdmsg", "x_divrplyfwdmsg", "mail-editor-reference-message-container"}
_FORWARD = (
    "forwarded message",
    "转发",
    "forwarded mail",
    "transféré",
    "weitergeleitet",
    "reenviado",
    "пересылаем",
    "пересланн",
    "inoltrato",
)


_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&nbsp;", "\xa0"), ("&amp;", "&"))
_NONE: dict[str, str] = {}
_NOTHING: set[str] = set()


def as_text(html: str) -> str:
    """Plain text of HTML; quotations that the program marked are gone, other block quotes carry ``>``.

    A link whose words name another site than it leads to shows where it leads. Malformed HTML is repaired by the
    sanitiser's parser first, so that nothing here depends on how broken it is.
    """
    html = html[:LONGEST].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if _depth(html) > DEEPEST:
        return _bare(html)
    attributes = {tag: {"class", "id", "type"} for tag in _TAGS if tag != "img"} | {"a": {"href", "class", "id"}}
    clean = nh3.clean(
        html, tags=_TAGS, attributes=attributes, clean_content_tags={"script", "style", "title", "head"}, link_rel=None, strip_comments=True
    )
    if clean.count("<") > MOST_TAGS:
        return _bare(clean)
    reader = _Reader()
    for piece in _PIECES.finditer(clean):
        closing, tag, values, data = piece.groups()
        if data is not None:
            reader.data(_plain(data) if "&" in data else data)
        elif closing:
            reader.end(tag)
        else:
            reader.start(tag, {name: _plain(value) for name, value in _VALUES.findall(values)} if values else _NONE)
    return reader.text()


def _bare(html: str) -> str:
    """Its words without any understanding of it: nothing is lost, nothing is recognised as quoted."""
    return unescape(re.sub(r"(?:<[^<>]{0,2000}>\s*)+", "\n", html))


def _plain(text: str) -> str:
    """The characters for the five entities that the sanitiser writes."""
    for name, character in _ENTITIES:
        text = text.replace(name, character)
    return text


def _depth(html: str) -> int:
    """About how deep the elements lie in one another, counted without repairing anything."""
    deep = most = 0
    for closing, name in _OPENING.findall(html):
        if name.lower() in _VOID:
            continue
        deep = max(0, deep - 1) if closing else deep + 1
        most = max(most, deep)
    return most


class _Reader:
    """Collects text by lines; knows only what ``nh3`` let through, which is well formed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.stack: list[tuple[str, bool, bool]] = []  # tag, is a quote's mark, is left out
        self.depth = 0  # of block quotes
        self.hidden = 0
        self.over = False
        self.pre = 0
        self.link: list[str] = []
        self.held: list[str] = []  # text of a quote that may turn out to be a forwarded mail

    def start(self, tag: str, values: dict[str, str]) -> None:
        if tag == "br" and not values:
            self._break()
            return
        names = set(f"{values.get('class', '')} {values.get('id', '')}".lower().split()) if values else _NOTHING
        if names & _BELOW:
            self.over = True
        if tag == "br":
            self._break()
            return
        if tag == "hr":
            self._break()
            self._text("________________")
            self._break()
            return
        if tag == "img":
            return
        marks = tag == "blockquote"
        leaves = bool(names & _QUOTES) or (marks and values.get("type", "").lower() == "cite")
        if tag in _BLOCKS or marks or tag == "li":
            self._break(soft=True)
        if tag == "p":
            self._gap()
        if tag == "li":
            self._text("- ")
        if tag in {"td", "th"} and self.line:
            self._text(" ")
        if leaves and not self.hidden:
            self.held = []
        self.stack.append((tag, marks, leaves))
        self.depth += marks
        self.hidden += leaves
        self.pre += tag == "pre"
        if tag == "a":
            self.link = [values.get("href", ""), ""]

    def end(self, tag: str) -> None:
        while self.stack:
            name, marks, leaves = self.stack[-1]
            if tag == "a" and name == "a":
                self._end_link()
            if name in _BLOCKS or marks or name == "li":
                self._break(soft=True)
            self.stack.pop()
            self.depth -= marks
            self.hidden -= leaves
            self.pre -= name == "pre"
            if leaves and not self.hidden:
                self._end_held()
            if name == "p":
                self._gap()
            if name == tag:
                return

    def data(self, data: str) -> None:
        if self.pre:
            for index, part in enumerate(data.split("\n")):
                if index:
                    self._break()
                self._text(part)
            return
        flat = " ".join(data.split())
        if not flat:
            if data and self.line and not self.line[-1].endswith(" "):
                self._text(" ")
            return
        before = " " if data[0].isspace() and self.line else ""
        self._text(before + flat + (" " if data[-1].isspace() else ""))

    def text(self) -> str:
        """All of it, with no more than one empty line in a row."""
        self._break(soft=True)
        out: list[str] = []
        for line in self.lines:
            if line.strip() or (out and out[-1].strip()):
                out.append(line)
        return "\n".join(out).strip("\n")

    def _text(self, text: str) -> None:
        if self.over:
            return
        if self.link:
            self.link[1] += text
        self.line.append(text)

    def _break(self, *, soft: bool = False) -> None:
        text = "".join(self.line).rstrip()
        self.line = []
        if self.over or (soft and not text):
            return
        text = (text if self.pre else text.lstrip()) if text else ""
        if self.hidden:
            self.held.append(text)
        else:
            self.lines.append(f"{'>' * self.depth} {text}" if self.depth else text)

    def _gap(self) -> None:
        where = self.held if self.hidden else self.lines
        if where and where[-1] and not self.over:
            where.append(">" * self.depth if self.depth and not self.hidden else "")

    def _end_held(self) -> None:
        """A quote is dropped, unless it is a forwarded mail, which the customer wants us to see."""
        head = " ".join(self.held[:3]).lower()
        if any(word in head for word in _FORWARD):
            self.lines += self.held
        self.held = []

    def _end_link(self) -> None:
        if self.link and self.link[0].startswith(("http://", "https://")):
            shown = self.link[1].strip().lower()
            host = self.link[0].split("/")[2].lower().removeprefix("www.")
            named = shown.removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]
            if "." in named and " " not in named and "@" not in named and named != host:
                self.line.append(f" ({self.link[0][:300]})")
        self.link = []
