"""How the things that one can wait for stand: a transfer by its txid or id, the check of an identity."""

from dataclasses import dataclass

from kefu.exchange.port import Deposit, Exchange, NotFound, Withdrawal

# What has not come to its end. Everything else is news.
MOVING = {"unknown", "unseen", "confirming", "paused", "review", "processing", "broadcast", "locked", "pending"}
GOOD = {"credited", "completed", "approved"}


@dataclass(frozen=True)
class Standing:
    """``state`` is a code of the port; ``unknown`` where the exchange has not seen the transfer."""

    state: str
    facts: Deposit | Withdrawal | None = None
    reason: str = ""
    missing: tuple[str, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether it will still change by itself."""
        return self.state in MOVING

    @property
    def is_good(self) -> bool:
        """Whether it ended as its owner wishes."""
        return self.state in GOOD


def transfer(port: Exchange, account: str, subject: str) -> Standing:
    """A transfer of this account, by its txid or by the exchange's own id; never one of another account.

    Raises Unavailable.
    """
    lately = port.activity(account).value
    wanted = subject.lower().removeprefix("0x")
    moves: list[Deposit | Withdrawal] = [*lately.deposits, *lately.withdrawals]
    for one in moves:
        if wanted in {one.id.lower(), one.txid.lower().removeprefix("0x")} and wanted:
            return Standing(one.state, one)
    try:
        found = port.transaction(subject).value
    except NotFound:
        return Standing("unknown")
    facts = found.deposit or found.withdrawal
    return Standing(facts.state, facts) if facts and found.owner == account else Standing("unknown")


def identity(port: Exchange, account: str) -> Standing:
    """The check of the account's identity. Raises Unavailable, NotFound."""
    kyc = port.account(account).value.kyc
    return Standing(kyc.state, reason=kyc.reason, missing=kyc.missing)
