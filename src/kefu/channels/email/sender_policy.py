"""A domain's SPF record, read as far as it says which addresses may send (RFC 7208)."""

import ipaddress
from dataclasses import dataclass, field

from kefu.channels.email.authenticity import Resolver

MOST = 10  # look-ups that a record may cost (RFC 7208, 4.6.4)
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class Policy:
    """``all`` is the sign before "all" of the domain's own record, "" where it has none. ``broken``: receivers give up on it."""

    record: str = ""
    count: int = 0
    lookups: int = 0
    broken: bool = False
    all: str = ""
    allows_everybody: bool = False
    includes: set[str] = field(default_factory=set)
    networks: list[Network] = field(default_factory=list)

    def covers(self, address: str) -> bool:
        """May this address send for the domain?"""
        one = ipaddress.ip_address(address)
        return any(one in network for network in self.networks if network.version == one.version)


def read_policy(domain: str, resolver: Resolver) -> Policy:
    """The domain's policy with all that it includes. Raises OSError where no name server answers."""
    found = _records(domain, resolver)
    policy = Policy(record=found[0] if found else "", count=len(found))
    if len(found) == 1:
        _read(found[0], domain, policy, resolver, own=True)
        policy.broken = policy.broken or policy.lookups > MOST
    return policy


def _records(domain: str, resolver: Resolver) -> list[str]:
    return [one for one in resolver(domain, "TXT") if one.lower() == "v=spf1" or one.lower().startswith("v=spf1 ")]


def _read(record: str, domain: str, policy: Policy, resolver: Resolver, *, own: bool) -> None:
    for term in record.split()[1:]:
        sign = term[0] if term[0] in "+-~?" else ""
        name, _, value = term.lstrip("+-~?").partition(":")
        name = name.lower()
        if name.partition("=")[0] == "redirect":
            if own and policy.all == "":
                _follow(term.partition("=")[2], policy, resolver, own=True)
        elif name == "all":
            if own:
                policy.all, policy.allows_everybody = sign or "+", sign in {"", "+"}
        elif sign in {"-", "~", "?"}:
            continue
        elif name == "include":
            policy.includes.add(value.lower().rstrip("."))
            _follow(value, policy, resolver, own=False)
        elif name in {"ip4", "ip6"}:
            _add(value, policy)
        elif name.partition("/")[0] in {"a", "mx"}:
            _hosts(name, value or domain, policy, resolver)
        elif name in {"exists", "ptr"}:
            policy.lookups += 1  # cannot be told for one address beforehand


def _follow(domain: str, policy: Policy, resolver: Resolver, *, own: bool) -> None:
    policy.lookups += 1
    if policy.lookups > MOST:
        return
    found = _records(domain, resolver)
    if len(found) != 1:
        policy.broken = True
        return
    _read(found[0], domain, policy, resolver, own=own)


def _hosts(name: str, value: str, policy: Policy, resolver: Resolver) -> None:
    policy.lookups += 1
    if policy.lookups > MOST:
        return
    host, _, width = (value if "/" not in name else f"{value}/{name.partition('/')[2]}").partition("/")
    hosts = [host]
    if name.startswith("mx"):
        hosts = [one.split()[-1].rstrip(".") for one in resolver(host, "MX")][:10]
    for one in hosts:
        for kind in ("A", "AAAA"):
            for address in resolver(one, kind):
                _add(f"{address}/{width}" if width.isdigit() and kind == "A" else address, policy)


def _add(network: str, policy: Policy) -> None:
    try:
        policy.networks.append(ipaddress.ip_network(network, strict=False))
    except ValueError:
        policy.broken = True
