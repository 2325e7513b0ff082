"""Files for a ticket form, sent while the form is still being filled in."""

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kefu.conversations.files import BadUpload, upload
from kefu.conversations.refused_files import why_refused
from kefu.system import rate
from kefu.web.visitor import VisitorRequest, for_visitors, uploader_of


@require_POST
@for_visitors
def files(request: VisitorRequest) -> HttpResponse:
    """Take one file; the ticket that is sent by the same browser may name it."""
    file = request.FILES.get("file")
    if file is None:
        return _problem(_("Choose a file first."), 422)
    if rate.exceeded("upload", uploader_of(request.visitor), limit=20, seconds=60):
        return _problem(_("Too many files at once. Wait a minute."), 429)
    try:
        stored = upload(None, file, by_customer=True, uploader=uploader_of(request.visitor))
    except BadUpload as error:
        return _problem(why_refused(error), 413 if error.reason == "too_large" else 422)
    return JsonResponse({"uid": stored.uid.hex, "name": stored.name, "size": stored.size})


def _problem(words: str, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
