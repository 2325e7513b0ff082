"""Did a mail come from where it says? SPF, DKIM and DMARC, by the receiving server's word or worked out here."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from kefu.text.mail import Mail

log = logging.getLogger(__name__)

Verdict = Literal["pass", "fail", "none"]
# (name, type) → the records' texts; raises OSError where no server answers.
Resolver = Callable[[str, str], Sequence[str]]

_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*([a-z]+)", re.I)


@dataclass(frozen=True)
class Proof:
    """``dmarc`` counts for the From address; the others say how it came about. "none": nobody could tell."""

    spf: Verdict = "none"
    dkim: Verdict = "none"
    dmarc: Verdict = "none"

    @property
    def sender(self) -> Verdict:
        """Is the From address proven (pass), forged (fail), or is nothing known?"""
        return self.dmarc


def check(raw: bytes, mail: Mail, *, authserv_id: str = "", resolver: Resolver | None = None) -> Proof:
    """The proof that a mail carries.

    ``authserv_id`` names our own mail server, whose Authentication-Results (RFC 8601) are believed; anybody else's are
    not, for anybody can write them. Without one, DKIM and the domain's DMARC policy (RFC 6376, RFC 7489) are asked of
    ``resolver``; SPF cannot be, as only the receiving server saw the peer. Never raises.
    """
    if authserv_id:
        return _told(mail, authserv_id)
    if resolver is None:
        return Proof()
    try:
        return _worked_out(raw, mail, resolver)
    except Exception as error:  # a broken signature or a broken name server must not hold up the mail
        log.warning("mail could not be verified: %s", type(error).__name__)
        return Proof()


def _told(mail: Mail, authserv_id: str) -> Proof:
    for name, value in mail.headers:
        if name.lower() != "authentication-results":
            continue
        server, _, results = value.partition(";")
        if server.split()[:1] != [authserv_id] and server.strip().lower() != authserv_id.lower():
            continue
        found: dict[str, Verdict] = {}
        for method, result in _RESULT.findall(results):
            verdict: Verdict = (
                "pass" if result.lower() == "pass" else "fail" if result.lower() in {"fail", "permerror", "softfail", "reject"} else "none"
            )
            found[method.lower()] = "pass" if "pass" in {found.get(method.lower()), verdict} else verdict
        dmarc = found.get("dmarc", "none")
        if dmarc == "none" and "pass" in {found.get("spf"), found.get("dkim")} and _aligned(results, mail.sender):
            dmarc = "pass"
        return Proof(found.get("spf", "none"), found.get("dkim", "none"), dmarc)
    return Proof()


def _aligned(results: str, sender: str) -> bool:
    """Do the signing or the envelope's domain and the From domain belong together (RFC 7489, 3.1, relaxed)?"""
    domain = organization(sender.rpartition("@")[2])
    named = re.findall(r"(?:header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?(?:[^\s@;\"]*@)?([\w.\-]+)", results, re.I)
    return bool(domain) and any(organization(one) == domain for one in named)


def _worked_out(raw: bytes, mail: Mail, resolver: Resolver) -> Proof:
    import dkim

    def txt(name: bytes, timeout: int = 5) -> bytes | None:
        records = resolver(name.decode("ascii", "replace").rstrip("."), "TXT")
        return records[0].encode() if records else None

    domain = mail.sender.rpartition("@")[2].lower()
    signed: Verdict = "none"
    aligned = False
    end = re.search(rb"\r?\n\r?\n", raw)
    count = len(re.findall(rb"^dkim-signature:", raw[: end.start()] if end else raw, re.I | re.M))
    for index in range(min(count, 4)):
        one = dkim.DKIM(raw)
        good = _quietly(lambda one=one, index=index: bool(one.verify(idx=index, dnsfunc=txt)))  # type: ignore[misc]
        by = (one.domain or b"").decode("ascii", "replace").lower()
        if good:
            signed = "pass"
            aligned = aligned or organization(by) == organization(domain)
        elif good is False and signed != "pass":
            signed = "fail"
    if aligned:
        return Proof(dkim=signed, dmarc="pass")
    policy = _policy(domain, resolver)
    # Without the peer's address SPF may have passed: only a strict domain's mail without any good signature is forged.
    return Proof(dkim=signed, dmarc="fail" if policy in {"reject", "quarantine"} and domain else "none")


def _quietly(verify: Callable[[], bool]) -> bool | None:
    try:
        return verify()
    except OSError:
        raise
    except Exception:
        return False


def _policy(domain: str, resolver: Resolver) -> str:
    for name in dict.fromkeys((domain, organization(domain))):
        for record in resolver(f"_dmarc.{name}", "TXT") if name else ():
            if record.lower().replace(" ", "").startswith("v=dmarc1"):
                found = re.search(r"(?:^|;)\s*p\s*=\s*(\w+)", record)
                return found[1].lower() if found else "none"
    return ""


@lru_cache(maxsize=512)
def organization(domain: str) -> str:
    """The domain that somebody registered, by the public suffix list."""
    if not domain:
        return ""
    from publicsuffix2 import get_sld

    name = domain.lower().strip(".")
    found = str(get_sld(name) or "").lower()
    # A top-level domain that is newer than the list: the last two labels.
    return found if "." in found else ".".join(name.split(".")[-2:])
