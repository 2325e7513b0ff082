"""Does the world believe our mail? What stands in DNS for a mailbox's domain, held against how it really sends."""

import base64
import ipaddress
import re
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from django.conf import settings

from kefu.channels.email.authenticity import Resolver, organization
from kefu.channels.email.models import Mailbox
from kefu.channels.email.sender_policy import Policy, read_policy

Mark = Literal["good", "warn", "bad", "unknown"]

# Who really hands mail out, by the server or the provider it is given to: what SPF must include.
INCLUDES = {
    "smtp.gmail.com": "_spf.google.com",
    "smtp-relay.gmail.com": "_spf.google.com",
    "smtp.office365.com": "spf.protection.outlook.com",
    "mailgun": "mailgun.org",
    "postmark": "spf.mtasv.net",
    "brevo": "spf.brevo.com",
    "resend": "amazonses.com",
}
SELECTORS = {"smtp.gmail.com": ("google",), "smtp-relay.gmail.com": ("google",), "smtp.office365.com": ("selector1", "selector2")}


@dataclass(frozen=True)
class Row:
    """One thing that was looked at. ``code`` says what was found (see ``name_words``), ``found`` is the record itself,
    and ``name``, ``kind``, ``value`` what to put into DNS; "" where nothing is to be done there."""

    what: Literal["mx", "spf", "dkim", "dmarc", "ptr", "from"]
    mark: Mark
    code: str
    found: str = ""
    name: str = ""
    kind: str = "TXT"
    value: str = ""
    data: dict[str, str] = field(default_factory=dict)


def look_at(mailbox: Mailbox, resolver: Resolver) -> list[Row]:
    """Every row, in the order in which one would mend them; a single row "offline" where no name server answers."""
    domain = mailbox.address.rpartition("@")[2]
    try:
        rows = [_mx(domain, resolver), _spf(mailbox, domain, resolver), _dkim(mailbox, domain, resolver), _dmarc(domain, resolver)]
        rows += _ptr(mailbox, resolver)
    except OSError:
        return [Row("mx", "unknown", "offline")]
    return [*rows, _from(mailbox, rows)]


def dkim_record(private: str) -> str:
    """What belongs into DNS for a private key (RFC 6376, 3.6.1; RFC 8463); "" for what is no key."""
    try:
        key = load_pem_private_key(private.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def _sender(mailbox: Mailbox) -> str:
    """What hands the mail out: a provider's name, or the host of a server, its own or that of the settings."""
    return mailbox.provider or (mailbox.smtp_host or str(getattr(settings, "EMAIL_HOST", ""))).lower()


def _mx(domain: str, resolver: Resolver) -> Row:
    found = list(resolver(domain, "MX"))
    if not found:
        return Row("mx", "bad", "mx_none")
    if any(re.fullmatch(r"0 \.", one.strip()) for one in found):  # RFC 7505
        return Row("mx", "bad", "mx_null", found=found[0])
    return Row("mx", "good", "mx", found=", ".join(sorted(found)[:4]))


def _spf(mailbox: Mailbox, domain: str, resolver: Resolver) -> Row:
    sender = _sender(mailbox)
    include = INCLUDES.get(sender, "")
    addresses = [] if include else _addresses(sender, resolver)
    wanted = f"include:{include}" if include else " ".join(f"ip{6 if ':' in one else 4}:{one}" for one in addresses) or "mx"
    policy: Policy = read_policy(domain, resolver)
    at: dict[str, Any] = {"name": domain, "found": policy.record}
    if policy.count == 0:
        return Row("spf", "bad", "spf_none", value=f"v=spf1 {wanted} ~all", name=domain)
    if policy.count > 1:
        return Row("spf", "bad", "spf_twice", **at)
    if policy.broken:
        return Row("spf", "bad", "spf_lookups" if policy.lookups > 10 else "spf_broken", data={"n": str(policy.lookups)}, **at)
    if policy.all in {"+", ""} and policy.allows_everybody:
        return Row("spf", "bad", "spf_everybody", value=re.sub(r"\+?all\b", "~all", policy.record), **at)
    covers = include in policy.includes if include else bool(addresses) and all(policy.covers(one) for one in addresses)
    added = re.sub(r"^v=spf1", f"v=spf1 {wanted}", policy.record, flags=re.I)
    if not covers and (include and mailbox.provider):
        return Row("spf", "warn", "spf_provider", value=added, **at)
    if not covers and not (include or addresses):
        return Row("spf", "unknown", "spf_unseen", **at)
    if not covers:
        return Row("spf", "bad", "spf_missing", value=added, data={"who": sender}, **at)
    if policy.all in {"", "?"}:
        return Row("spf", "warn", "spf_open", value=re.sub(r"\s*\??all\s*$", "", policy.record) + " ~all", **at)
    return Row("spf", "good", "spf", **at)


def _addresses(host: str, resolver: Resolver) -> list[str]:
    """The host's addresses on the internet; none for a server in one's own network, whose way out is not seen from here."""
    if not host:
        return []
    try:
        found = [str(ipaddress.ip_address(host))]
    except ValueError:
        found = [one for kind in ("A", "AAAA") for one in resolver(host, kind)]
    return [one for one in found if _is_global(one)]


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _dkim(mailbox: Mailbox, domain: str, resolver: Resolver) -> Row:
    if not mailbox.dkim_selector or not mailbox.dkim_key_sealed:
        selectors = SELECTORS.get(_sender(mailbox), ())
        for one in selectors:
            if records := list(resolver(f"{one}._domainkey.{domain}", "TXT")):
                return Row("dkim", "good", "dkim_provider", found=records[0], name=f"{one}._domainkey.{domain}")
        return Row("dkim", "bad" if selectors else "warn", "dkim_switch_on" if selectors else "dkim_elsewhere")
    name, ours = f"{mailbox.dkim_selector}._domainkey.{domain}", dkim_record(mailbox.secret("dkim_key"))
    if not ours:
        return Row("dkim", "bad", "dkim_unreadable", name=name)
    records = list(resolver(name, "TXT"))
    at: dict[str, Any] = {"name": name, "found": records[0] if records else ""}
    if not records:
        return Row("dkim", "bad", "dkim_none", value=ours, **at)
    tags = _tags(records[0])
    if "".join(tags.get("p", "").split()) != _tags(ours)["p"]:
        return Row("dkim", "bad", "dkim_other" if tags.get("p") else "dkim_revoked", value=ours, **at)
    if "y" in tags.get("t", "").split(":"):
        return Row("dkim", "warn", "dkim_testing", value=ours, **at)
    return Row("dkim", "good", "dkim", **at)


def _dmarc(domain: str, resolver: Resolver) -> Row:
    for where in dict.fromkeys((domain, organization(domain))):
        name = f"_dmarc.{where}"
        found = [one for one in resolver(name, "TXT") if one.lower().replace(" ", "").startswith("v=dmarc1")]
        if len(found) > 1:
            return Row("dmarc", "bad", "dmarc_twice", found=found[0], name=name)
        if found:
            tags = _tags(found[0])
            asked = tags.get("sp", tags.get("p", "")) if where != domain else tags.get("p", "")
            at: dict[str, Any] = {"name": name, "found": found[0], "data": {"policy": asked.lower()}}
            if asked.lower() not in {"none", "quarantine", "reject"}:
                return Row("dmarc", "bad", "dmarc_broken", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}", **at)
            if asked.lower() == "none":
                return Row("dmarc", "warn", "dmarc_watches", value=re.sub(r"\bp\s*=\s*none", "p=quarantine", found[0], count=1), **at)
            return Row("dmarc", "good", "dmarc", **at)
    return Row("dmarc", "bad", "dmarc_none", name=f"_dmarc.{domain}", value=f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")


def _ptr(mailbox: Mailbox, resolver: Resolver) -> list[Row]:
    """A server of one's own needs a name that leads back to it (RFC 1912, 2.1); providers see to theirs."""
    sender = _sender(mailbox)
    if not sender or sender in INCLUDES:
        return []
    addresses = _addresses(sender, resolver)
    if not addresses:
        return [Row("ptr", "unknown", "ptr_unseen")]
    rows = []
    for one in addresses[:4]:
        back = ipaddress.ip_address(one).reverse_pointer
        names = [name.rstrip(".") for name in resolver(back, "PTR")]
        led = [name for name in names if one in _addresses(name, resolver)]
        if not names:
            rows.append(Row("ptr", "bad", "ptr_none", name=back, kind="PTR", value=f"{sender}.", data={"address": one}))
        elif not led:
            rows.append(Row("ptr", "bad", "ptr_astray", found=names[0], name=names[0], kind="AAAA" if ":" in one else "A", value=one))
        else:
            rows.append(Row("ptr", "good", "ptr", found=led[0], data={"address": one}))
    return rows


def _from(mailbox: Mailbox, rows: list[Row]) -> Row:
    """DMARC passes where SPF or DKIM passes for the domain in From (RFC 7489, 3.1). Our envelope and signature are of it."""
    marks = {row.what: row.mark for row in rows}
    by_dkim = marks["dkim"] in {"good"}
    by_spf = marks["spf"] in {"good"} and not mailbox.provider  # a provider's envelope is its own
    if by_dkim and by_spf:
        return Row("from", "good", "from_both")
    if by_dkim or by_spf:
        return Row("from", "good" if by_dkim else "warn", "from_dkim" if by_dkim else "from_spf")
    return Row("from", "unknown" if marks["spf"] == "unknown" else "bad", "from_none")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
