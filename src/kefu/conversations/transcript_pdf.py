"""A transcript as PDF, made without a browser, without the network and without files of others."""

from html import escape
from io import BytesIO

from django.utils import timezone
from django.utils.translation import gettext as _

from kefu.conversations.transcript import Transcript
from kefu.text.markup import plain

# A font that every PDF reader brings along for Chinese (Adobe-GB1); it covers Latin and Cyrillic as well.
FONT = "STSong-Light"


def as_pdf(transcript: Transcript) -> bytes:
    """The transcript as an A4 document, in the active language."""
    # Read when the first PDF is asked for: it takes a tenth of the whole start.
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    text = ParagraphStyle("text", fontName=FONT, fontSize=10, leading=15, wordWrap="CJK", spaceAfter=2 * mm)
    small = ParagraphStyle("small", parent=text, fontSize=8, leading=11, textColor="#666666", spaceAfter=0)
    title = ParagraphStyle("title", parent=text, fontSize=15, leading=21)
    names = {"customer": _("You"), "bot": _("Automatic answer")}
    story = [
        Paragraph(escape(f"{_('Conversation')} {transcript.number}"), title),
        Paragraph(escape(transcript.subject), text),
        Spacer(1, 4 * mm),
    ]
    for line in transcript.lines:
        at = timezone.localtime(line.at).strftime("%Y-%m-%d %H:%M %Z")
        story.append(Paragraph(escape(f"{line.name or names.get(line.who, line.who)}  ·  {at}"), small))
        for part in (plain(line.body), *(f"[{name}]" for name in line.files)):
            if part.strip():
                story.append(Paragraph(escape(part).replace("\n", "<br/>"), text))
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, title=transcript.number, margin=20 * mm).build(story)
    return out.getvalue()
