"""What a role must show: set by administrators, led to before anything else, and never a way to lock everybody out."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client

from kefu.cli import factors
from kefu.people.models import RoleRule
from kefu.people.required_factors import needed, require
from kefu.system.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
RULES = "/desk/staff/sign-in/"
OURS = {"Origin": "http://testserver"}


def come_in(agent, *means):
    client = Client()
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": kind, "at": time.time()} for kind in means]
    session["account_authentication_methods_user"] = str(agent.user.pk)
    session.save()
    client.cookies["kefu_language"] = "en"
    return client


def give_passkey(agent):
    Authenticator.objects.create(user=agent.user, type="webauthn", data={"name": "Key", "credential": {}})


def chosen(**changes):
    return {role: "nothing" for role in ("agent", "supervisor", "editor", "administrator", "auditor")} | changes


@pytest.fixture
def boss(make_agent):
    return make_agent("boss", role="administrator", badge="1")


@pytest.mark.parametrize("path", ["/desk/", "/studio/", "/desk/staff/"])
def test_in_production_everybody_needs_a_second_factor_unless_it_is_set_otherwise(boss, settings, path):
    settings.DEMO = False
    client = come_in(boss)
    assert client.get(path)["Location"].startswith("/accounts/2fa/?need=factor&next=%2F")
    TOTP.activate(boss.user, generate_totp_secret())
    assert client.get(path).status_code == 200


def test_an_administrator_sets_what_a_role_needs_and_who_lacks_it_is_led_there_first(boss, agent):
    ann, chief = come_in(agent), come_in(boss)
    assert ann.get("/desk/").status_code == 200
    assert chief.post(RULES, chosen(agent="factor"), follow=True).status_code == 200
    page = ann.get("/desk/inbox/?view=open", follow=True)
    assert page.request["PATH_INFO"] == "/accounts/2fa/" and "Staff need a second factor" in page.content.decode()
    assert chief.get("/desk/").status_code == 200, "other roles are as they were"
    TOTP.activate(agent.user, generate_totp_secret())
    assert ann.get("/desk/").status_code == 200
    assert AuditEntry.objects.get(act="staff.sign_in_rules").detail == {"agent": "factor"}


def test_a_role_that_needs_a_passkey_must_show_it_in_this_session(boss, agent):
    require("agent", RoleRule.Needs.PASSKEY, by=boss)
    TOTP.activate(agent.user, generate_totp_secret())
    by_code = come_in(agent, "totp")
    assert "need=passkey" in by_code.get("/desk/")["Location"]
    give_passkey(agent)
    page = by_code.get("/desk/", follow=True).content.decode()
    assert "Show my passkey" in page and "passkeys/reauthenticate/?next=%2Fdesk%2F" in page.replace("/?next=/desk/", "/?next=%2Fdesk%2F")
    assert come_in(agent, "webauthn").get("/desk/").status_code == 200


def test_what_somebody_was_sending_when_the_rule_changed_is_given_back(boss, agent, talk):
    client = come_in(agent)
    require("agent", RoleRule.Needs.FACTOR, by=boss)
    sent = client.post(f"/desk/{talk.uid}/replies/", {"text": "Nobody types this twice."}, headers=OURS)
    assert sent.status_code == 403 and "Nobody types this twice." in sent.content.decode() and "need=factor" in sent.content.decode()
    told = client.post(f"/desk/{talk.uid}/replies/", {"text": "x"}, headers={"X-Requested-With": "fetch"})
    assert told.status_code == 403 and "your text is still here" in told.content.decode()


def test_administrators_cannot_shut_themselves_out(boss, settings):
    client = come_in(boss)
    page = client.post(RULES, chosen(administrator="passkey", agent="passkey"))
    assert page.status_code == 422 and "passkey of your own first" in page.content.decode()
    assert not RoleRule.objects.exists(), "all or nothing"
    assert '<option value="passkey" selected>' in page.content.decode(), "the choice is still there"
    give_passkey(boss)
    assert client.post(RULES, chosen(administrator="passkey")).status_code == 302
    settings.DEMO = False
    safe = come_in(boss, "webauthn")
    assert safe.post(RULES, chosen(administrator="nothing")).status_code == 422
    assert needed("administrator") == "passkey"


def test_whoever_has_the_machine_opens_the_door_again(boss, capsys):
    require("administrator", RoleRule.Needs.PASSKEY, by=None)
    client = come_in(boss)
    assert "need=passkey" in client.get("/desk/")["Location"]
    assert factors.main(["administrator", "nothing"]) == 0 and "administrator" in capsys.readouterr().out
    assert client.get("/desk/").status_code == 200
    assert AuditEntry.objects.get(act="staff.sign_in_rules").who == "command line"
    with pytest.raises(SystemExit):
        factors.main(["administrator"])


def test_nonsense_changes_nothing(boss):
    client = come_in(boss)
    assert client.post(RULES, {"agent": "everything", "nobody": "factor"}).status_code == 302
    assert not RoleRule.objects.exists()
