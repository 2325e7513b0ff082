"""Links to stylesheets and scripts."""

from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kefu.web.ui import bundles

HTMX = "ui/vendor/htmx-2.0.11.min.js"
VENDORED = {"htmx": HTMX, "htmx-ext-sse": "ui/vendor/htmx-ext-sse-2.2.4.min.js"}


def stylesheet(audience: str) -> SafeString:
    """``{% stylesheet "public" %}``: the one stylesheet of an audience (public, chat, desk, studio)."""
    return format_html('<link rel="stylesheet" href="{}">', static(bundles.path(audience, "css")))


def vendored(name: str) -> SafeString:
    """``{% vendored "htmx-ext-sse" %}``: a script of somebody else that we ship."""
    return format_html('<script src="{}" defer></script>', static(VENDORED[name]))


def words() -> dict[str, str]:
    """The sentences that scripts say, in the reader's language."""
    return {
        "close": gettext("Close"),
        "copy": gettext("Copy"),
        "copied": gettext("Copied"),
        "draft-saved": gettext("Draft saved %(time)s"),
        "draft-restored": gettext("We put back what you had written."),
        "discard": gettext("Discard"),
        "failed": gettext("That did not work. Nothing was changed."),
        "forbidden": gettext("You are not allowed to do that."),
        "gone": gettext("This is no longer here. Reload the page."),
        "not-sent": gettext("Not sent. Your text is saved on this device."),
        "retry": gettext("Retry"),
        "signed-out": gettext("You have been signed out. Sign in and try again; your text is still here."),
        "shield-seed": gettext("This looks like a seed phrase. It has not left this device."),
        "shield-key": gettext("This looks like a private key. It has not left this device."),
        "shield-password": gettext("This looks like a password. It has not left this device."),
        "shield-code": gettext("This looks like a verification code. It has not left this device."),
        "shield-card": gettext("This looks like a card number. It has not left this device."),
        "shield-wallet-advice": gettext("Whoever has it can take everything in the wallet. If somebody else has it, move your funds now."),
        "shield-account-advice": gettext("We never ask for it. If somebody did, change it now and report them."),
        "shield-remove": gettext("Remove it, send the rest"),
        "shield-edit": gettext("Let me change it"),
        "shield-none": gettext("It is none, send it"),
        "shield-masked-words": gettext("%(n)s words covered"),
        "shield-masked-seed": gettext("seed phrase covered"),
        "shield-masked-key": gettext("private key covered"),
        "shield-masked-password": gettext("password covered"),
        "shield-masked-code": gettext("code covered"),
        "shield-masked-card": gettext("card number covered"),
        "slow-down": gettext("Too many attempts. Wait a minute and try again."),
    }


def scripts(context: Context, audience: str) -> SafeString:
    """``{% scripts "public" %}``: htmx and the one script of an audience, with the words that it says.

    Page scripts reach the same code with ``import { watch, toast } from "ui";`` (an import map names it).
    """
    address = static(bundles.path(audience, "js"))
    nonce: Any = context.get("CSP_NONCE", "")
    return format_html(
        '{words}<script type="importmap" nonce="{nonce}">{{"imports":{{"ui":"{address}"}}}}</script>'
        '{htmx}<script type="module" src="{address}"></script>',
        words=json_script(words(), "ui-words"),
        nonce=nonce,
        address=address,
        htmx=vendored("htmx"),
    )
