"""Files into and out of the chat."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.files import BadUpload, read_address, upload
from kefu.system import rate
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.talk import mine

INLINE = ("image/", "video/", "audio/")


def reason_in_words(reason: str) -> str:
    """Why a file is not taken, and what to do instead."""
    return {
        "too_large": _("The file is larger than %(limit)d MB. Send a smaller one, or a part of it.")
        % {"limit": settings.UPLOAD_LIMIT // 2**20},
        "empty": _("The file is empty."),
        "type": _("Files of this kind are not taken. Send an image, a video, a PDF, a text or a log."),
        "content": _("The content does not fit the file's ending. Save it again, or send a screenshot."),
        "image": _("This image cannot be read. Save it as PNG or JPEG and try again."),
    }[reason]


@require_POST
@for_visitors
def files(request: VisitorRequest) -> HttpResponse:
    """Take one file; the message that is sent next shows it."""
    talk = mine(request.visitor, request.POST.get("talk", ""))
    file = request.FILES.get("file")
    if file is None:
        return HttpResponse(_("Choose a file first."), status=422, content_type="text/plain; charset=utf-8")
    if rate.exceeded("upload", request.visitor.sender.address, limit=20, seconds=60):
        return HttpResponse(_("Too many files at once. Wait a minute."), status=429, content_type="text/plain; charset=utf-8")
    try:
        stored = upload(talk, file, by_customer=True)
    except BadUpload as error:
        status = 413 if error.reason == "too_large" else 422
        return HttpResponse(reason_in_words(error.reason), status=status, content_type="text/plain; charset=utf-8")
    return JsonResponse({"uid": stored.uid.hex, "name": stored.name, "size": stored.size})


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse:
    """One file by its signed address; anything a browser might run is offered as a download."""
    found = read_address(token)
    if found is None:
        raise Http404(_("This link has expired. Open the conversation again to get a new one."))
    attachment, thumbnail = found
    key = attachment.thumbnail_key if thumbnail else attachment.storage_key
    kind = "image/webp" if thumbnail else attachment.content_type
    try:
        content = default_storage.open(key)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=kind)
    inline = thumbnail or kind.startswith(INLINE)
    response["Content-Disposition"] = content_disposition_header(not inline, attachment.name)
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
