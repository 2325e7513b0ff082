"""What people wrote, as safe HTML."""

from django.utils.safestring import SafeString, mark_safe

from kefu.text.markup import render_message


def message_html(text: str) -> SafeString:
    """``{{ message.body|message_html }}``: a chat message's Markdown; nothing in it can run or look official."""
    return mark_safe(render_message(text))
