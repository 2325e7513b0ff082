"""Small marks: logo, seal, state, face, measure."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from kefu.text.browsers import named
from kefu.web.ui.icons import icon

STATES = ("", "open", "ok", "warn", "bad", "hollow")
STAR = (
    '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="var(--inverse)"/>'
    '<path d="M14 4.5 16 12l7.5 2L16 16l-2 7.5L12 16l-7.5-2L12 12Z" fill="var(--on-inverse)"/></svg>'
)


def logo() -> SafeString:
    """The mark of the operator: a four-point star."""
    return mark_safe(STAR)


def seal(label: str = "") -> SafeString:
    """``{% seal %}``: the proof that staff speaks. Call it for verified staff and official content only.

    Nothing that people write can produce it: class names are removed from user content, and the style sheet
    draws no seal inside it.
    """
    return format_html('<span class="seal">{}</span>', label or gettext("Official"))


def pill(state: str, label: str) -> SafeString:
    """``{% pill "warn" label %}``: a state as dot and word; ``state`` is one of ``STATES``.

    Raises ``ValueError`` for any other.
    """
    if state not in STATES:
        raise ValueError(f"unknown state {state!r}; one of {STATES}")
    return format_html('<span class="{}">{}</span>', f"pill {state}".strip(), label)


def avatar(name: str, kind: str = "", size: str = "", presence: str = "") -> SafeString:
    """``{% avatar agent.name "staff" presence="on" %}``: a name's first letter, hidden from screen readers.

    ``kind``: empty for customers, ``staff`` or ``bot``. ``size``: ``sm``, ``md``, ``lg`` or empty.
    ``presence``: ``on``, ``away``, ``off`` or empty.
    """
    face = icon("north") if kind == "bot" else (name.strip()[:1].upper() or "?")
    classes = " ".join(part for part in ("avatar", kind, size) if part)
    dot = format_html(' data-presence="{}"', presence) if presence else ""
    return format_html('<span class="{}"{} aria-hidden="true">{}</span>', classes, dot, face)


def meter(value: float, most: float, label: str, kind: str = "") -> SafeString:
    """``{% meter 12 20 "Confirmations" %}``: how much of a whole; ``kind``: ok, warn, bad, plain, thin."""
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}"></progress>',
        f"meter {kind}".strip(),
        value,
        most,
        label,
    )


def browser(agent: str) -> str:
    """``{{ user_agent|browser }}``: browser and system in the words that people know."""
    return named(agent) or gettext("An unknown browser")


def sign_in_means(how: str) -> str:
    """``{{ line.how|sign_in_means }}``: “password+totp” in words."""
    words = {
        "password": gettext("password"),
        "totp": gettext("authenticator app"),
        "webauthn": gettext("passkey"),
        "recovery_codes": gettext("recovery code"),
        "code": gettext("code by mail"),
        "mfa": gettext("second factor"),
    }
    return " + ".join(words.get(one, one) for one in how.split("+") if one)
