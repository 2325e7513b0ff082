"""The bot's own words, in the active language. Short, plain, and never more than it knows."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kefu.exchange import words
from kefu.exchange.port import Account, ApiKey, Deposit, Order, Rate, Withdrawal, WithdrawalFee

MOST_FEES = 12  # lines of an answer


def handing_over(reason: str) -> str:
    if reason == "takeover":
        return _(
            "I am fetching someone from the security team. If money may be at risk, freeze the account now in "
            "Security centre → Freeze account; it can be undone. Do not answer anybody else's messages about this."
        )
    if reason == "fraud":
        return _("I am fetching someone from the security team. Do not send anything more, and keep all messages as evidence.")
    if reason == "distress":
        return _("I am fetching a person for you right away. Please stay here; you need not explain everything again.")
    if reason == "asked":
        return _("I am fetching a person. You can add details or screenshots while you wait; your place is kept.")
    if reason == "flow":
        return _("Thank you. A specialist takes over with these details. Your place in the queue is kept.")
    return _("I do not know this well enough. I am fetching a person; what you wrote goes along.")


def decline() -> str:
    return _(
        "I can only help with questions about your account and our products, and found nothing that fits. "
        "Please say it in other words, or talk to a person."
    )


def small_talk(kind: str) -> str:
    """The answer to a greeting, thanks, goodbye or an insult."""
    return {
        "greeting": _("Hello! What can I help you with? Say in a sentence what happened, for example: my deposit has not arrived."),
        "thanks": _("You are welcome. If anything else comes up, just write here."),
        "goodbye": _("Goodbye. You can come back to this conversation at any time."),
        "insult": _("I am sorry that this has gone badly. Tell me in a sentence what happened, or talk to a person."),
    }[kind]


def known_incident(title: str, summary: str) -> str:
    """What many report just now."""
    values = {"title": title, "summary": summary}
    return _("We know of this and are working on it: **%(title)s**. %(summary)s You need not do anything.") % values


def shall_we_tell() -> str:
    """An offer, beside a known incident."""
    return _("Shall we tell you here when it is over?")


def we_tell_you() -> str:
    """What was offered, and taken."""
    return _("We tell you here as soon as it is over.")


def we_tell_you_no_more() -> str:
    return _("All right: we do not tell you.")


def over_already(title: str) -> str:
    return _("It is over already: **%(title)s**.") % {"title": title}


def received(number: str) -> str:
    """To a ticket: it is here."""
    return _("We have received it. Your number is **%(number)s**. A specialist reads it and answers here and by mail.") % {"number": number}


def may_help(title: str, summary: str) -> str:
    """What an article says, before a person answers."""
    return _("This may already help: **%(title)s**. %(summary)s") % {"title": title, "summary": summary}


def which_one() -> str:
    return _("I want to be sure that I understand you. Which one is it?")


def not_sure() -> str:
    return _("Is this what you mean?")


def glad() -> str:
    return _("Good to hear. If anything else comes up, just write here.")


def other_language(name: str) -> str:
    return _("This article is not translated yet; here it is in %(language)s.") % {"language": name}


def does_not_look_right() -> str:
    return _("That does not look like what I asked for.")


def flow_left() -> str:
    return _("We stopped there; what you entered is kept. Ask me something else, or talk to a person.")


def button(name: str) -> str:
    return {
        "human": _("Talk to a person"),
        "helped": _("That solved it"),
        "not_helped": _("That did not solve it"),
        "none": _("None of these"),
        "skip": _("Skip"),
        "stop": _("Stop asking"),
        "tell_me": _("Tell me when it is over"),
        "do_not_tell": _("Do not tell me"),
    }[name]


def transfer(kind: str, state: str, facts: Deposit | Withdrawal) -> str:
    """How a transfer of the customer's own stands, and what to do."""
    is_deposit = kind == "deposit"
    values = {
        "amount": f"{facts.amount.normalize():f} {facts.coin}",
        "network": facts.network,
        "state": words.deposit_state(state) if is_deposit else words.withdrawal_state(state),
        "advice": words.deposit_advice(state) if is_deposit else words.withdrawal_advice(state),
    }
    text = (
        _("I looked it up in your account: deposit of **%(amount)s** (%(network)s), **%(state)s**.")
        if is_deposit
        else _("I looked it up in your account: withdrawal of **%(amount)s** (%(network)s), **%(state)s**.")
    )
    said = text % values
    if is_deposit and isinstance(facts, Deposit) and state == "confirming":
        said += " " + _("Confirmations: %(have)s of %(need)s.") % {"have": facts.confirmations, "need": facts.needed}
    return f"{said} {values['advice']}".strip()


def order(one: Order) -> str:
    """How an order of the customer's own stands."""
    values = {
        "id": one.id,
        "pair": one.pair,
        "state": words.order_state(one.state),
        "filled": f"{one.filled.normalize():f}",
        "amount": f"{one.amount.normalize():f}",
    }
    said = _("I looked it up in your account: order **%(id)s** (%(pair)s), **%(state)s**, %(filled)s of %(amount)s filled.") % values
    return f"{said} {words.order_reason(one.reason)}".strip()


def api_keys(keys: Sequence[ApiKey]) -> str:
    """What the customer's API keys may do; never a key itself."""
    lines = []
    for one in keys[:10]:
        parts = [", ".join(words.api_permission(code) for code in one.permissions) or _("no permission"), words.api_key_state(one.state)]
        parts.append(_("only from %(addresses)s") % {"addresses": ", ".join(one.ips)} if one.ips else _("from any address"))
        if one.expires:
            parts.append(_("until %(day)s") % {"day": one.expires.date().isoformat()})
        lines.append(f"- **{one.label}**: " + " · ".join(parts))
    return _("I looked it up in your account. Your API keys:") + "\n\n" + "\n".join(lines)


def level(account: Account) -> str:
    """The customer's level, and who looks after the account."""
    said = (
        _("I looked it up in your account: your level is **VIP %(tier)s**.") % {"tier": account.tier}
        if account.tier
        else _("I looked it up in your account: it has the regular level, no VIP level yet.")
    )
    return f"{said} {_('Your account manager is %(name)s.') % {'name': account.manager}}" if account.manager else said


def fees(level: str, rates: Sequence[Rate], withdrawals: Sequence[WithdrawalFee]) -> str:
    """What the account pays, with its figures."""
    said = [
        _("I looked it up in your account: your fee level is **%(level)s**.") % {"level": level}
        if level
        else _("I looked it up in your account: you pay the regular fees.")
    ]
    if rates:
        lines = []
        for one in rates:
            values = {"market": words.market(one.market), "maker": words.per_cent(one.maker), "taker": words.per_cent(one.taker)}
            lines.append("- " + _("**%(market)s**: maker %(maker)s, taker %(taker)s") % values)
        said.append(_("Trading, of the value of a trade:") + "\n\n" + "\n".join(lines))
    if withdrawals:
        lines = [
            "- " + _("**%(coin)s** on %(network)s: %(fee)s %(coin)s, at least %(minimum)s %(coin)s") % words.withdrawal_fee(one)
            for one in withdrawals[:MOST_FEES]
        ]
        said.append(_("Each withdrawal:") + "\n\n" + "\n".join(lines))
    return "\n\n".join(said)


def identity(state: str, reason: str, missing: tuple[str, ...]) -> str:
    """How the identity check of the customer stands, and what is missing."""
    said = [_("I looked it up in your account: identity verification is **%(state)s**.") % {"state": words.kyc_state(state)}]
    if reason:
        said.append(_("The reason: %(reason)s.") % {"reason": words.kyc_reason(reason)})
    if missing:
        said.append(_("What is needed now:") + "\n\n" + "\n".join(f"- {words.kyc_missing(code)}" for code in missing))
    return " ".join(said)
