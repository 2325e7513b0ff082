"""Where a mail provider hands over mail that it received for us: the raw message, signed."""

import hmac
import time
from hashlib import sha256
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from kefu.channels.email.keep import LARGEST, keep
from kefu.channels.email.models import Mailbox, SeenMail
from kefu.channels.email.providers import hook_token, note_news

AGE = 300  # seconds for which a signature counts


@csrf_exempt
@require_POST
def mail_hook(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Body: the raw mail (message/rfc822). ``X-Kefu-Signature: t=UNIX,v1=HEX``, the HMAC-SHA256 of "UNIX.BODY" under
    the mailbox's secret. 202 means "kept": any other answer, send again.
    """
    mailbox = Mailbox.objects.filter(uid=uid, active=True).first()
    secret = mailbox.secret("webhook_secret") if mailbox else ""
    if mailbox is None or not secret:
        return JsonResponse({"error": "no such mailbox"}, status=404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return JsonResponse({"error": "too large"}, status=413)
    raw = request.read(LARGEST + 1)
    if not _signed(request.headers.get("X-Kefu-Signature", ""), raw, secret):
        return JsonResponse({"error": "wrong or expired signature"}, status=403)
    if not raw or len(raw) > LARGEST:
        return JsonResponse({"error": "empty or too large"}, status=413 if raw else 400)
    seen = keep(mailbox, raw, source=SeenMail.Source.WEBHOOK, envelope_to=request.headers.get("X-Envelope-To", "")[:254])
    return JsonResponse({"kept": str(seen.uid)}, status=202)


@csrf_exempt
@require_POST
def provider_hook(request: HttpRequest, uid: UUID, token: str) -> HttpResponse:
    """Where the provider that sends for a mailbox tells what became of its mails. The address itself is the secret."""
    mailbox = Mailbox.objects.filter(uid=uid, active=True).exclude(provider="").first()
    if mailbox is None or not hmac.compare_digest(token, hook_token(mailbox)):
        return JsonResponse({"error": "no such mailbox"}, status=404)
    try:
        return JsonResponse({"known": note_news(mailbox, request)})
    except ValueError:
        return JsonResponse({"error": "not understood"}, status=400)


def _signed(header: str, raw: bytes, secret: str) -> bool:
    parts = dict(part.strip().split("=", 1) for part in header.split(",") if "=" in part)
    at, given = parts.get("t", ""), parts.get("v1", "")
    if not at.isdecimal() or len(at) > 12 or abs(time.time() - int(at)) > AGE:
        return False
    wanted = hmac.new(secret.encode(), at.encode() + b"." + raw, sha256).hexdigest()
    return hmac.compare_digest(wanted, given)
