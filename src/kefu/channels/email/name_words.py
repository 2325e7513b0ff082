"""What was found in DNS, in words, with what to do about it; at the desk and by `kefu doctor`."""

from django.utils.translation import gettext as _

from kefu.channels.email.name_records import Row


def subject(row: Row) -> str:
    """What a row is about."""
    return {
        "mx": _("Receiving (MX)"),
        "spf": _("Who may send (SPF)"),
        "dkim": _("Signature (DKIM)"),
        "dmarc": _("What receivers do with forgeries (DMARC)"),
        "ptr": _("Name of the server (PTR)"),
        "from": _("Sender address (alignment)"),
    }[row.what]


def words(row: Row) -> str:
    """What a row says."""
    return _all()[row.code] % row.data


def _all() -> dict[str, str]:
    return {
        "offline": _("No name server answers from here, so nothing could be looked up. Try again where this machine reaches the net."),
        "mx": _("Mail for this domain has a server."),
        "mx_none": _("The domain has no MX record: answers of customers cannot arrive, and many servers refuse mail from it."),
        "mx_null": _("The domain says that it takes no mail at all: answers of customers cannot arrive."),
        "spf": _("The record allows the server that sends."),
        "spf_none": _("There is no SPF record. Receivers cannot tell whether the server may send for you."),
        "spf_twice": _("There are two SPF records; receivers then take none. Put all into one."),
        "spf_broken": _("The record cannot be followed: an included domain has no record of its own, or an address in it is misspelt."),
        "spf_lookups": _("The record costs more than ten look-ups (%(n)s), and receivers give up on it. Take out what no longer sends."),
        "spf_everybody": _("The record allows everybody to send as you."),
        "spf_missing": _("The record does not allow %(who)s, over which this mailbox sends."),
        "spf_provider": _("The record does not name the provider. It is not needed while DKIM is right, but some receivers look for it."),
        "spf_open": _("The record does not say what to do with other servers."),
        "spf_unseen": _("There is a record. Which address really hands the mail out is not seen from here; compare it at the server."),
        "dkim": _("The record is of the key that signs here."),
        "dkim_provider": _("The provider signs, and its key is published."),
        "dkim_none": _("Mails are signed, but the key is not published: the signature counts for nothing."),
        "dkim_other": _("Another key is published than the one that signs here: every signature fails."),
        "dkim_revoked": _("The published key is empty, which means withdrawn: every signature fails."),
        "dkim_testing": _("The record is marked as a test (t=y): receivers may ignore the signature."),
        "dkim_unreadable": _("The private key of this mailbox cannot be read. Enter it again."),
        "dkim_switch_on": _(
            "The provider does not sign for this domain yet. Switch DKIM on in its admin centre, and publish the record it shows."
        ),
        "dkim_elsewhere": _(
            "Nothing is signed here. Enter a DKIM key on the mailbox’s page, or see to it that the server or provider signs."
        ),
        "dmarc": _("Receivers are told what to do with forgeries: %(policy)s."),
        "dmarc_none": _("There is no DMARC record. Large providers want one from everybody who writes to many."),
        "dmarc_watches": _("Forgeries are only reported, not held back (p=none). When the reports are clean, go on to quarantine."),
        "dmarc_twice": _("There are two DMARC records; receivers then take none."),
        "dmarc_broken": _("The record has no policy that receivers understand."),
        "ptr": _("%(address)s has a name that leads back to it. The server must greet (HELO) with the same name."),
        "ptr_none": _("%(address)s has no name. Whoever gives you the address enters it; many servers refuse mail from nameless ones."),
        "ptr_astray": _("The address has a name, but the name does not lead back to it."),
        "ptr_unseen": _("The server is in your own network. The address with which it goes out needs a name (PTR) that leads back to it."),
        "from_both": _("SPF and DKIM both prove the domain in From."),
        "from_dkim": _("DKIM proves the domain in From."),
        "from_spf": _("Only SPF proves the domain in From: what is forwarded fails. Add DKIM."),
        "from_none": _("Nothing proves the domain in From yet: with a strict DMARC record your own mail would be refused."),
    }
