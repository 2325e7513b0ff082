"""Uploaded files: checked by content, freed of metadata, stored under names that nobody can guess."""

import hashlib
import io
import re
from dataclasses import dataclass
from typing import IO

import puremagic
from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse

from kefu.conversations.guard import clear
from kefu.conversations.inside import Inside, inside
from kefu.conversations.models import Attachment, Conversation
from kefu.system.ids import uuid7
from kefu.system.room import store

SALT = "kefu.file"
ADDRESS_LIFE = 6 * 3600
IMAGES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
MAX_PIXELS = 50_000_000
THUMBNAIL = (480, 480)
# Extension → content type, for files that are kept as they are; the content must agree.
KEPT = {
    ".pdf": "application/pdf",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".zip": "application/zip",
    ".gz": "application/gzip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TEXTS = {".txt", ".log", ".json", ".csv", ".har", ".md", ".xml", ".yaml", ".yml", ".eml"}
OFFICE = {".docx": b"word/document.xml", ".xlsx": b"xl/workbook.xml"}
FAMILIES = {"video/quicktime": {".mp4", ".mov", ".m4a"}, "video/mp4": {".mp4", ".mov", ".m4a"}}


class BadUpload(Exception):
    """A file that is not taken; ``reason`` is too_large, empty, type, content, image, macros, secret (with ``kinds``) or
    unknown: too much to look through, so that nobody can say whether a secret is in it."""

    def __init__(self, reason: str, kinds: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.kinds = kinds


@dataclass(frozen=True)
class Checked:
    """A file as it will be stored."""

    data: bytes
    content_type: str
    extension: str
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    removed: tuple[str, ...] = ()


def upload(
    conversation: Conversation | None,
    file: "UploadedFile[bytes]",
    *,
    by_customer: bool,
    uploader: str = "",
    found: Inside | None = None,
) -> Attachment:
    """Check, clean and store one file; it is shown once a message sends it. Raises BadUpload, and stores nothing then.

    Without a conversation, ``uploader`` says who may send it later. ``found``: what is in it, where somebody has looked.
    """
    if not file.size:
        raise BadUpload("empty")
    if file.size > settings.UPLOAD_LIMIT:
        raise BadUpload("too_large")
    checked = check(str(file.name or ""), file, found)
    key = f"{uuid7().hex}{checked.extension}"
    thumbnail = store(f"thumbnails/{key[:4]}/{key}.webp", checked.thumbnail) if checked.thumbnail else ""
    stored = store(f"attachments/{key[:4]}/{key}", checked.data)
    return Attachment.objects.create(
        conversation=conversation,
        uploader=uploader,
        name=safe_name(str(file.name or ""), checked.extension),
        content_type=checked.content_type,
        size=len(checked.data),
        sha256=hashlib.sha256(checked.data).hexdigest(),
        storage_key=stored,
        thumbnail_key=thumbnail,
        width=checked.width,
        height=checked.height,
        state=Attachment.State.CLEAN,
        removed=list(checked.removed),
        by_customer=by_customer,
    )


def check(name: str, file: IO[bytes], found: Inside | None = None) -> Checked:
    """What the content is, whatever the name says; images are drawn anew, which leaves EXIF and GPS behind.

    Texts are kept without the secrets in them; any other file with a secret in it is not taken. Raises BadUpload.
    """
    data = file.read()
    extension = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if image := _image(data):
        return image
    if extension not in TEXTS and extension not in KEPT:
        raise BadUpload("type")
    if extension in KEPT:
        _as_it_says(data, extension)
    found = found or inside(name, data)
    if not found.known:
        raise BadUpload("unknown")
    if extension in TEXTS:
        if found.text is not None:
            return Checked(found.text.encode(), "text/plain", extension, removed=found.kinds)
        raise BadUpload("secret", found.kinds) if found.kinds else BadUpload("content")
    if found.kinds:
        raise BadUpload("secret", found.kinds)
    return Checked(data, KEPT[extension], extension)


def _as_it_says(data: bytes, extension: str) -> None:
    """The content must be what the name says, and a document must carry no program. Raises BadUpload."""
    if extension in OFFICE:
        if not data.startswith(b"PK\x03\x04") or OFFICE[extension] not in data:
            raise BadUpload("content")
        if b"vbaProject.bin" in data:
            raise BadUpload("macros")
        return
    try:
        found = {match.extension for match in puremagic.magic_string(data[:65536])}
    except (puremagic.PureError, ValueError):
        raise BadUpload("content") from None
    if not found & ({extension} | FAMILIES.get(KEPT[extension], set())):
        raise BadUpload("content")


def _image(data: bytes) -> Checked | None:
    from PIL import Image, ImageOps, UnidentifiedImageError  # loaded with the first picture, not at every start

    try:
        with Image.open(io.BytesIO(data), formats=list(IMAGES)) as image:
            kind = image.format or ""
            if image.width * image.height > MAX_PIXELS:
                raise BadUpload("image")
            if kind == "GIF":
                image.seek(0)
            upright = ImageOps.exif_transpose(image)
            upright.load()
    except UnidentifiedImageError:
        return None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadUpload("image") from None
    target = "PNG" if kind == "GIF" else kind
    clean = upright.convert("RGB") if target == "JPEG" and upright.mode not in {"RGB", "L"} else upright
    fresh = Image.frombytes(clean.mode, clean.size, clean.tobytes())
    if clean.mode == "P" and (palette := clean.getpalette()):
        fresh.putpalette(palette)
    out = io.BytesIO()
    fresh.save(out, target, quality=90)
    small = fresh.convert("RGB")
    small.thumbnail(THUMBNAIL)
    thumbnail = io.BytesIO()
    small.save(thumbnail, "WEBP", quality=80)
    extension = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}[target]
    return Checked(out.getvalue(), IMAGES[target], extension, fresh.width, fresh.height, thumbnail.getvalue())


def safe_name(name: str, extension: str) -> str:
    """A file name to show: no path, no control characters, no secret, the extension that the content has."""
    stem = re.split(r"[\\/]", name)[-1].rsplit(".", 1)[0]
    stem = re.sub(r"[\x00-\x1f\x7f<>:\"|?*\u202a-\u202e\u2066-\u2069]", "", clear(stem)[0]).strip(" .")
    return f"{stem[:100] or 'file'}{extension}"


def signed_address(attachment: Attachment, *, thumbnail: bool = False) -> str:
    """A private address that works for some hours, for whoever was shown it."""
    token = signing.dumps([attachment.uid.hex, int(thumbnail)], salt=SALT)
    return reverse("file", args=[token])


def read_address(token: str) -> tuple[Attachment, bool] | None:
    """The attachment of a signed address and whether its thumbnail is meant; None when forged or expired."""
    try:
        uid, thumbnail = signing.loads(token, salt=SALT, max_age=ADDRESS_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Attachment.objects.filter(uid=uid, state=Attachment.State.CLEAN).first()
    return (found, bool(thumbnail)) if found else None
