"""What is wrong in DNS with a mailbox's domain, and what to put there, with name servers of the test's own."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from kefu.channels.email import resolver
from kefu.channels.email.models import Mailbox
from kefu.channels.email.name_records import dkim_record, look_at
from kefu.channels.email.name_words import words

pytestmark = pytest.mark.django_db
RSA = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
D = "beichen.com"
GOOD = {
    (D, "MX"): ["10 mx.beichen.com."],
    (D, "TXT"): ["google-site-verification=x", "v=spf1 include:_spf.beichen.com -all"],
    ("_spf.beichen.com", "TXT"): ["v=spf1 ip4:198.41.0.0/24 a:out.beichen.com ~all"],
    ("s1._domainkey.beichen.com", "TXT"): [dkim_record(RSA)],
    ("_dmarc.beichen.com", "TXT"): ["v=DMARC1; p=reject; rua=mailto:d@beichen.com"],
    ("mx.beichen.com", "A"): ["198.41.0.4"],
    ("4.0.41.198.in-addr.arpa", "PTR"): ["mx.beichen.com."],
}


def box(**more):
    made = Mailbox(address=f"support@{D}", smtp_host="mx.beichen.com", dkim_selector="s1", **more)
    made.keep_secret("dkim_key", RSA)
    return made


def found(mailbox=None, **changes):
    records = dict(GOOD)
    for name, value in changes.items():
        where = {"spf": (D, "TXT"), "dkim": (f"s1._domainkey.{D}", "TXT"), "dmarc": (f"_dmarc.{D}", "TXT"), "mx": (D, "MX"),
                 "ptr": ("4.0.41.198.in-addr.arpa", "PTR"), "include": ("_spf.beichen.com", "TXT")}[name]  # fmt: skip
        records[where] = value
    return {row.what: row for row in look_at(mailbox or box(), lambda name, kind: records.get((name.lower(), kind), ()))}


def test_where_all_is_right_nothing_is_to_be_done():
    rows = found()
    assert {row.mark for row in rows.values()} == {"good"} and not any(row.value for row in rows.values())
    assert list(rows) == ["mx", "spf", "dkim", "dmarc", "ptr", "from"] and rows["from"].code == "from_both"


@pytest.mark.parametrize(
    ("change", "what", "mark", "code", "value"),
    [
        ({"mx": []}, "mx", "bad", "mx_none", ""),
        ({"mx": ["0 ."]}, "mx", "bad", "mx_null", ""),
        ({"spf": []}, "spf", "bad", "spf_none", "v=spf1 ip4:198.41.0.4 ~all"),
        ({"spf": ["v=spf1 -all", "v=spf1 mx -all"]}, "spf", "bad", "spf_twice", ""),
        ({"spf": ["v=spf1 include:gone.example -all"]}, "spf", "bad", "spf_broken", ""),
        ({"spf": ["v=spf1 " + "a:x.example " * 11 + "-all"]}, "spf", "bad", "spf_lookups", ""),
        ({"spf": ["v=spf1 +all"]}, "spf", "bad", "spf_everybody", "v=spf1 ~all"),
        ({"spf": ["v=spf1 ip4:203.0.114.1 -all"]}, "spf", "bad", "spf_missing", "v=spf1 ip4:198.41.0.4 ip4:203.0.114.1 -all"),
        ({"spf": ["v=spf1 ip4:198.41.0.4"]}, "spf", "warn", "spf_open", "v=spf1 ip4:198.41.0.4 ~all"),
        ({"spf": ["v=spf1 redirect=_spf.beichen.com"]}, "spf", "good", "spf", ""),
        ({"spf": ["v=spf1 mx -all"]}, "spf", "good", "spf", ""),
        ({"include": ["v=spf1 include:_spf.beichen.com ~all"]}, "spf", "bad", "spf_lookups", ""),
        ({"dkim": []}, "dkim", "bad", "dkim_none", dkim_record(RSA)),
        ({"dkim": ["v=DKIM1; p="]}, "dkim", "bad", "dkim_revoked", dkim_record(RSA)),
        ({"dkim": ["v=DKIM1; k=rsa; p=AAAA"]}, "dkim", "bad", "dkim_other", dkim_record(RSA)),
        ({"dkim": [dkim_record(RSA) + "; t=y"]}, "dkim", "warn", "dkim_testing", dkim_record(RSA)),
        ({"dmarc": []}, "dmarc", "bad", "dmarc_none", f"v=DMARC1; p=none; rua=mailto:postmaster@{D}"),
        ({"dmarc": ["v=DMARC1; p=none"]}, "dmarc", "warn", "dmarc_watches", "v=DMARC1; p=quarantine"),
        ({"dmarc": ["v=DMARC1; p=reject", "v=DMARC1; p=none"]}, "dmarc", "bad", "dmarc_twice", ""),
        ({"dmarc": ["v=DMARC1; p=perhaps"]}, "dmarc", "bad", "dmarc_broken", f"v=DMARC1; p=none; rua=mailto:postmaster@{D}"),
        ({"ptr": []}, "ptr", "bad", "ptr_none", "mx.beichen.com."),
        ({"ptr": ["host.elsewhere.example."]}, "ptr", "bad", "ptr_astray", "198.41.0.4"),
        ({"dkim": []}, "from", "warn", "from_spf", ""),
        ({"spf": []}, "from", "good", "from_dkim", ""),
        ({"spf": [], "dkim": []}, "from", "bad", "from_none", ""),
    ],
)
def test_each_fault_is_named_with_what_mends_it(change, what, mark, code, value):
    row = found(**change)[what]
    assert (row.mark, row.code, row.value) == (mark, code, value)
    assert words(row) and "%(" not in words(row)


def test_google_sends_from_its_own_servers_and_signs_itself():
    google = Mailbox(address=f"support@{D}", smtp_host="smtp.gmail.com")
    rows = found(google)
    assert rows["spf"].value == "v=spf1 include:_spf.google.com include:_spf.beichen.com -all" and rows["dkim"].code == "dkim_switch_on"
    assert "ptr" not in rows


def test_a_subdomain_lives_by_the_policy_above_it():
    sub = Mailbox(address=f"support@help.{D}", smtp_host="mx.beichen.com")
    row = {one.what: one for one in look_at(sub, lambda name, kind: GOOD.get((name, kind), ()))}["dmarc"]
    assert row.mark == "good" and row.name == f"_dmarc.{D}"


def test_an_ed25519_key_is_published_as_its_raw_bytes():
    key = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert dkim_record(key).startswith("v=DKIM1; k=ed25519; p=") and len(dkim_record(key).rpartition("p=")[2]) == 44
    assert dkim_record("nonsense") == ""


def test_a_server_in_ones_own_network_is_not_judged():
    rows = found(Mailbox(address=f"support@{D}", smtp_host="127.0.0.1"))
    assert (rows["spf"].mark, rows["ptr"].mark, rows["from"].mark) == ("unknown", "unknown", "unknown")


def test_without_the_net_it_says_so_once(monkeypatch):
    def none(name, kind):
        raise OSError("no net")

    assert [row.code for row in look_at(box(), none)] == ["offline"]
    from kefu.cli.doctor import mail_names

    monkeypatch.setattr(resolver, "resolve", none)
    box().save()
    Mailbox.objects.create(address="vip@beichen.com")
    assert [(mark, what) for mark, what, _ in mail_names()] == [("warn", "dns")]


def test_the_page_and_the_doctor_say_what_to_put_there(monkeypatch, signed_in, make_agent):
    made = box()
    made.save()
    records = {**GOOD, (f"_dmarc.{D}", "TXT"): []}
    monkeypatch.setattr(resolver, "resolve", lambda name, kind: records.get((name, kind), ()))
    page = signed_in(make_agent("root", role="administrator")).get(f"/desk/mailboxes/{made.pk}/dns/").content.decode()
    assert f"v=DMARC1; p=none; rua=mailto:postmaster@{D}" in page and "data-copy-from" in page
    assert (
        f"/desk/mailboxes/{made.pk}/dns/"
        in signed_in(make_agent("root2", role="administrator")).get(f"/desk/mailboxes/{made.pk}/").content.decode()
    )
    from kefu.cli.doctor import mail_names

    lines = list(mail_names())
    assert [line[0] for line in lines] == ["bad"] and "Put into DNS, TXT of _dmarc.beichen.com" in lines[0][2]


def test_only_administrators_see_it(signed_in, make_agent):
    made = box()
    made.save()
    assert signed_in(make_agent("sup", role="supervisor")).get(f"/desk/mailboxes/{made.pk}/dns/").status_code == 403
