"""Devices and the book of sign-ins: what is written, who sees it, and what ending a session does."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from kefu.people.models import SignIn, User
from kefu.people.sessions import holder
from kefu.people.sign_ins import forget_old
from kefu.people.staff import dismiss, take_back
from kefu.system.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def browser(agent=LAPTOP, ip="203.0.113.5"):
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=ip)
    client.cookies["kefu_language"] = "en"
    return client


def sign_in(client, agent, password=PASSWORD):
    return client.post("/accounts/login/", {"login": agent.user.email, "password": password})


def prove_again(client, password=PASSWORD):
    """What staff do before they change anything about their own account."""
    return client.post("/accounts/reauthenticate/", {"password": password})


def kinds(user=None):
    return list(SignIn.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_the_first_device_is_no_news_and_a_second_one_is_mailed_to_its_owner_once(agent, mailoutbox):
    laptop, phone = browser(), browser(PHONE, "198.51.100.9")
    sign_in(laptop, agent)
    laptop.post("/accounts/logout/")
    sign_in(laptop, agent)
    assert kinds(agent.user) == ["done", "done"] and not mailoutbox
    sign_in(phone, agent)
    assert kinds(agent.user)[-1] == "new_device"
    assert mailoutbox[0].to == [agent.user.email] and "Safari 17 · iPhone · 198.51.100.9" in mailoutbox[0].body
    phone.post("/accounts/logout/")
    sign_in(phone, agent)
    assert kinds(agent.user)[-1] == "done" and len(mailoutbox) == 1
    line = SignIn.objects.last()
    assert (line.how, line.ip) == ("password", "198.51.100.9")
    assert phone.cookies["kefu_device"]["httponly"] and phone.cookies["kefu_device"]["samesite"] == "Lax"


def test_one_sees_where_one_is_signed_in_and_ends_the_others(agent):
    laptop, phone, tablet = browser(), browser(PHONE), browser(PHONE)
    for each in (laptop, phone, tablet):
        sign_in(each, agent)
    page = laptop.get("/accounts/").content.decode()
    assert page.count("Safari 17 · iPhone") >= 2 and page.count("This device") == 1
    one = re.search(r'name="session" value="(\d+)"', page)[1]
    prove_again(laptop)
    laptop.post("/accounts/ending/", {"session": one})
    assert sorted([phone.get("/desk/").status_code, tablet.get("/desk/").status_code]) == [200, 302]
    laptop.post("/accounts/ending/", {"others": "1"})
    assert [each.get("/desk/").status_code for each in (laptop, phone, tablet)] == [200, 302, 302]
    assert kinds(agent.user).count("ended") == 2


@pytest.mark.parametrize("way", ["others", "dismissed", "signed out", "password"])
def test_streams_of_a_session_end_with_it(agent, make_agent, monkeypatch, django_capture_on_commit_callbacks, way):
    laptop, phone = browser(), browser(PHONE)
    for each in (laptop, phone):
        sign_in(each, agent)
    gone = holder((laptop if way == "signed out" else phone).session.session_key)
    stays = holder(laptop.session.session_key)
    make_agent("boss", role="administrator")
    ended = []
    monkeypatch.setattr("kefu.system.live.end", ended.append)
    with django_capture_on_commit_callbacks(execute=True):
        if way == "others":
            prove_again(laptop)
            stays = holder(laptop.session.session_key)
            laptop.post("/accounts/ending/", {"others": "1"})
        elif way == "dismissed":
            dismiss(agent)
        elif way == "signed out":
            laptop.post("/accounts/logout/")
        else:
            new = {"oldpassword": PASSWORD, "password1": "another horse battery", "password2": "another horse battery"}
            assert laptop.post("/accounts/password/change/", new).status_code == 302
    assert gone in ended
    assert (stays in ended) == (way in {"dismissed", "signed out"}) or way == "password"


def test_who_found_an_open_desk_throws_its_owner_out_of_nowhere(agent):
    found, own = browser(), browser(PHONE)
    for each in (found, own):
        sign_in(each, agent)
    asked = found.post("/accounts/ending/", {"others": "1"})
    assert asked.status_code == 302 and "/reauthenticate/" in asked["Location"]
    assert prove_again(found, "not the password").status_code == 200
    assert own.get("/desk/").status_code == 200 and "ended" not in kinds(agent.user)
    found.post(asked["Location"], {"password": PASSWORD})  # and what was asked for happens, without being asked for again
    assert own.get("/desk/").status_code == 302 and found.get("/desk/").status_code == 200


def test_a_session_has_a_new_id_once_its_owner_has_proven_who_they_are(agent, monkeypatch, django_capture_on_commit_callbacks):
    client, ended = browser(), []
    sign_in(client, agent)
    old = client.cookies["sessionid"].value
    begun = UserSession.objects.get(user=agent.user).created_at
    monkeypatch.setattr("kefu.system.live.end", ended.append)
    prove_again(client, "wrong")
    assert client.cookies["sessionid"].value == old
    with django_capture_on_commit_callbacks(execute=True):
        prove_again(client)
    new = client.cookies["sessionid"].value
    assert new != old and client.get("/desk/").status_code == 200 and ended == [holder(old)]
    thief = browser()
    thief.cookies["sessionid"] = old
    assert thief.get("/desk/").status_code == 302 and not Session.objects.filter(session_key=old).exists()
    assert list(UserSession.objects.filter(user=agent.user).values_list("session_key", "created_at")) == [(new, begun)]


def test_no_browser_keeps_what_staff_saw(agent, client):
    desk = browser()
    sign_in(desk, agent)
    assert desk.get("/desk/")["Cache-Control"] == desk.get("/en/")["Cache-Control"] == "private, no-store"
    assert not client.get("/en/").has_header("Cache-Control")
    assert desk.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert not desk.post("/accounts/logout/").has_header("Clear-Site-Data")


def test_a_page_that_was_refused_is_noted_once_in_a_while_without_what_was_asked(agent, make_agent):
    client = browser()
    sign_in(client, agent)
    for query in ("?q=secret", "?q=other"):
        assert client.get(f"/desk/audit/{query}").status_code == 403
    assert client.get("/studio/").status_code == 403
    rows = SignIn.objects.filter(kind="forbidden", user=agent.user).order_by("pk")
    assert [(one.how, one.ip) for one in rows] == [("desk-audit", "203.0.113.5"), ("studio", "203.0.113.5")]
    auditor = browser()
    sign_in(auditor, make_agent("eve", role="auditor", badge="9"))
    page = auditor.get("/desk/audit/sign-ins/?kind=forbidden").content.decode()
    assert "Page refused: no right to it" in page and "desk-audit" in page
    browser().get("/desk/audit/")  # a stranger is sent to the sign-in, which is no news
    assert SignIn.objects.filter(kind="forbidden").count() == 2


def test_nobody_ends_a_session_of_somebody_else(agent, make_agent):
    eve, ann = browser(), browser(PHONE)
    sign_in(ann, agent)
    sign_in(eve, make_agent("eve", badge="8"))
    prove_again(eve)
    eve.post("/accounts/ending/", {"session": str(UserSession.objects.get(user=agent.user).pk)})
    for wrong in ("", "x", "9" * 40, "-1"):
        eve.post("/accounts/ending/", {"session": wrong})
    assert ann.get("/desk/").status_code == eve.get("/desk/").status_code == 200


def test_leaders_sign_a_colleague_out_but_no_administrator(agent, make_agent):
    lead, chief = make_agent("lead", role="supervisor", badge="3"), make_agent("chief", role="administrator", badge="1")
    theirs, leads, chiefs = browser(PHONE), browser(), browser(PHONE)
    for client, who in ((theirs, agent), (leads, lead), (chiefs, chief)):
        sign_in(client, who)
    assert "iPhone" in leads.get(f"/desk/staff/{agent.pk}/").content.decode()
    assert theirs.post(f"/desk/staff/{lead.pk}/sessions/").status_code == 403
    assert leads.post(f"/desk/staff/{chief.pk}/sessions/").status_code == 403
    assert leads.post(f"/desk/staff/{lead.pk}/sessions/").status_code == 403
    assert leads.post(f"/desk/staff/{agent.pk}/sessions/").status_code == 302
    assert theirs.get("/desk/").status_code == 302 and chiefs.get("/desk/").status_code == 200
    line = SignIn.objects.get(user=agent.user, kind="ended")
    assert line.by == str(lead) and AuditEntry.objects.get(act="agent.sessions_ended").subject == f"agent:{agent.badge}"


def test_old_sessions_do_not_come_back_with_the_account(agent, make_agent):
    make_agent("chief", role="administrator", badge="1")
    client = browser()
    sign_in(client, agent)
    dismiss(agent)
    assert client.get("/desk/").status_code == 302 and not Session.objects.exists()
    take_back(agent)
    assert client.get("/desk/").status_code == 302


def test_failures_are_written_and_guessing_ends_with_words_that_help(agent):
    client = browser()
    for _ in range(5):
        sign_in(client, agent, "wrong")
    page = sign_in(client, agent).content.decode()
    assert "Wait five minutes" in page and "Password forgotten" in page and "_auth_user_id" not in client.session
    sign_in(client, agent)
    assert kinds(agent.user) == ["failed"] * 5 + ["locked"]
    other = browser(ip="198.51.100.77")
    assert "Wait five minutes" in sign_in(other, agent).content.decode(), "the account is closed to guessing from anywhere"


def test_one_network_cannot_try_many_accounts(make_agent, db):
    client = browser()
    for n in range(10):
        client.post("/accounts/login/", {"login": f"p{n}@staff.example", "password": "x"})
    assert "from your network" in client.post("/accounts/login/", {"login": "p99@staff.example", "password": "x"}).content.decode()
    assert kinds(None) == ["failed"] * 10 + ["locked"]


def test_wrong_second_factors_are_written_and_limited(agent):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(agent.user, generate_totp_secret())
    client = browser()
    sign_in(client, agent)
    for _ in range(7):
        page = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Wait five minutes" in page.content.decode()
    client.post("/accounts/2fa/authenticate/", {"credential": "{}"})
    assert kinds(agent.user).count("factor_failed") >= 5 and kinds(agent.user).count("locked") == 1
    assert "done" not in kinds(agent.user) and client.get("/desk/").status_code == 302


def test_a_new_password_ends_other_sessions_and_is_written_in_both_books(agent, mailoutbox):
    laptop, phone = browser(), browser(PHONE)
    sign_in(laptop, agent)
    sign_in(phone, agent)
    fields = {"oldpassword": PASSWORD, "password1": "a quiet heron at dusk", "password2": "a quiet heron at dusk"}
    laptop.post("/accounts/password/change/", fields)
    assert laptop.get("/desk/").status_code == 200 and phone.get("/desk/").status_code == 302
    assert "password" in kinds(agent.user) and AuditEntry.objects.filter(act="account.password_changed").exists()
    assert "was changed" in mailoutbox[-1].body


def test_nothing_that_was_typed_is_kept(agent):
    client = browser()
    sign_in(client, agent, "hunter2-secret")
    client.post("/accounts/login/", {"login": "hunter2-secret@typed.example", "password": "x"})
    kept = " ".join(str(value) for row in SignIn.objects.values() for value in row.values())
    assert "hunter2" not in kept and SignIn.objects.count() == 2


def test_customers_see_their_own_sign_ins_and_no_mail_is_sent_about_devices(client, mailoutbox):
    user = User.objects.create_user("mia@mail.example")
    for each in (browser(), browser(PHONE)):
        each.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    each.cookies["kefu_language"] = "zh-hans"
    page = each.get("/accounts/").content.decode()
    assert "登录中的设备" in page and "邮箱验证码" in page and "第二验证" not in page and not mailoutbox


def test_administrators_and_auditors_read_both_books_and_others_none(make_agent, agent):
    boss = make_agent("boss", role="auditor", badge="1")
    sign_in(browser(PHONE), agent)
    reader = browser()
    sign_in(reader, boss)
    page = reader.get("/desk/audit/sign-ins/?q=ann@&kind=done").content.decode()
    assert "Safari 17 · iPhone" in page and page.count("<tr>") == 2
    assert reader.get("/desk/audit/?q=account").status_code == 200
    ann = browser(PHONE)
    sign_in(ann, agent)
    assert ann.get("/desk/audit/").status_code == ann.get("/desk/audit/sign-ins/").status_code == 403


def test_a_page_costs_nothing_for_the_list_of_devices_until_it_is_due(agent, django_assert_num_queries):
    from kefu.people.sessions import seen

    client = browser()
    sign_in(client, agent)
    request = client.get("/accounts/").wsgi_request
    with django_assert_num_queries(0):
        seen(request)
    cache.clear()
    request.META["REMOTE_ADDR"] = "198.51.100.20"
    seen(request)
    assert "198.51.100.20" in client.get("/accounts/").content.decode()


def test_lines_are_forgotten_after_the_days_of_the_setting(agent, settings):
    settings.SIGN_IN_DAYS = 30
    for days in (29, 31, 400):
        SignIn.objects.create(user=agent.user, kind="done", ip="203.0.113.5", at=now() - timedelta(days=days))
    assert forget_old() == 2 and SignIn.objects.count() == 1
