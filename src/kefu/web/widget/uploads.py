"""Files into and out of the chat."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kefu.conversations.files import BadUpload, read_address, upload
from kefu.conversations.refused_files import why_refused
from kefu.system import rate
from kefu.web.ui.errors import page
from kefu.web.visitor import VisitorRequest, for_visitors
from kefu.web.widget.talk import mine

INLINE = ("image/", "video/", "audio/")


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
        return HttpResponse(why_refused(error), status=status, content_type="text/plain; charset=utf-8")
    return JsonResponse({"uid": stored.uid.hex, "name": stored.name, "size": stored.size})


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse:
    """One file by its signed address; anything a browser might run is offered as a download."""
    found = read_address(token)
    if found is None:
        return page(request, 410)
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
