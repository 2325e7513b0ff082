"""Which way to reach us is the best, by what it is about and how much haste there is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from kefu.routing.wait import Wait
from kefu.web.help.ways import CHAT, FORM, MAIL

NOW, TODAY, LATER, PAPERS = "now", "today", "later", "papers"
SHORT = 180  # seconds of waiting that nobody minds


@dataclass(frozen=True)
class Advice:
    """``first``: something to do before anything else, or empty."""

    code: str
    why: str
    first: str = ""


def hurries() -> list[tuple[str, str]]:
    return [
        (NOW, _("Money is leaving, or somebody else is in my account")),
        (TODAY, _("Money is stuck, or I cannot trade or sign in")),
        (LATER, _("A question, or it can wait")),
        (PAPERS, _("Papers, a complaint, or an official request")),
    ]


def recommend(hurry: str, *, has_details: bool, wait: Wait, has_mail: bool) -> Advice:
    """``has_details``: whether the topic's form asks for facts that the work begins with."""
    served = wait.seconds is not None
    if hurry == NOW:
        first = _("Freeze your account first: in the app under Security, without waiting for us.")
        if served:
            return Advice(CHAT, _("The security team answers first of all; say in one sentence what is happening."), first)
        return Advice(FORM, _("Nobody is in the chat now; a report about security is served before all others."), first)
    if hurry == TODAY:
        if has_details and not (served and (wait.seconds or 0) <= SHORT):
            return Advice(
                FORM, _("The form asks for everything a specialist needs and often knows the answer at once. You need not wait for it.")
            )
        if served:
            return Advice(CHAT, _("A person is there within minutes."))
        return Advice(FORM, _("Nobody is in the chat now; the answer comes by mail."))
    if hurry == PAPERS:
        return Advice(MAIL if has_mail else FORM, _("Papers and everything that must be kept are best in writing."))
    return Advice(CHAT, _("The assistant answers most questions at once, at any hour."))
