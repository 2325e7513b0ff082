"""The bare address: on to the help centre in the reader's language."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers


@require_safe
@vary_on_headers("Accept-Language", "Cookie")
def entrance(request: HttpRequest) -> HttpResponse:
    return redirect("help-home")
