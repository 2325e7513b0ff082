"""Our OpenPGP keys where programs look for them: the Web Key Directory (draft-koch-openpgp-webkey-service)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kefu.channels.email.keys import our_keys, published


@require_safe
def directory(request: HttpRequest, name: str, domain: str = "") -> HttpResponse:
    """The binary key of an address, by the hash of its local part; both the direct and the advanced method."""
    found = published(name)
    if found is None:
        raise Http404
    response = HttpResponse(found, content_type="application/octet-stream")
    response["Access-Control-Allow-Origin"] = "*"
    return response


@require_safe
def policy(request: HttpRequest, domain: str = "") -> HttpResponse:
    """The directory exists and has no special rules."""
    return HttpResponse("", content_type="text/plain")


@require_safe
def key_file(request: HttpRequest, fingerprint: str) -> HttpResponse:
    """A key in armour, as the official page offers it."""
    for address, known, armoured in our_keys():
        if known == fingerprint:
            response = HttpResponse(armoured, content_type="application/pgp-keys")
            response["Content-Disposition"] = f'attachment; filename="{address}.asc"'
            return response
    raise Http404
