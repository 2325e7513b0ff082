"""What is attached to a mail, kept as files of its message."""

from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

from kefu.conversations.files import BadUpload, upload
from kefu.conversations.guard import clear
from kefu.conversations.inside import Inside
from kefu.text.mail.model import Attachment

MOST = 30
SIGNATURES = {"application/pgp-signature", "application/pgp-encrypted", "application/pkcs7-signature", "application/x-pkcs7-signature"}
KEYS = {"application/pgp-keys"}  # learned from the mail, and said there


def keep_files(attachments: Sequence[Attachment], inside: Sequence[Inside], uploader: str) -> tuple[tuple[str, ...], list[list[str]]]:
    """The uids of what is taken, and [name, reason] of what is not. ``inside`` is what was found in each of the first MOST.

    The raw copy has them all, unless a secret was found.
    """
    taken: list[str] = []
    refused: list[list[str]] = []
    for attachment, found in zip(attachments[:MOST], inside, strict=False):
        if attachment.content_type in SIGNATURES | KEYS:
            continue
        file = SimpleUploadedFile(attachment.name or "file", attachment.content)
        try:
            made = upload(None, file, by_customer=True, uploader=uploader, found=found)
        except BadUpload as error:
            refused.append([clear(attachment.name or "file")[0][:120], error.reason])
            continue
        taken.append(made.uid.hex)
    refused += [[clear(one.name)[0][:120], "too_many"] for one in attachments[MOST : MOST + 20]]
    return tuple(taken), refused


def instead_of_words(files: Sequence[str], refused: Sequence[Sequence[str]]) -> str:
    """What a mail says that says nothing: the message must not look lost."""
    return "📎" if files or refused else "—"
