"""Connecting a mailbox at Google or Microsoft: what is asked for, who may come back, what is kept, what happens when it ends."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from authorization import AuthorizationServer, stand_in
from kefu.channels.delivery import deliver
from kefu.channels.email import alarm
from kefu.channels.email import probe as probing
from kefu.channels.email.models import Grant, Mailbox
from kefu.channels.email.tokens import access_token
from kefu.conversations.models import Delivery
from kefu.conversations.reply import reply
from kefu.system.audit.models import AuditEntry
from letters import letter

GIVEN = {
    "provider": "google",
    "address": "Support@beichen.example",
    "client_id": AuthorizationServer.client_id,
    "client_secret": "app-secret",
}
TENANT = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def google(monkeypatch, settings):
    yield from standing_in(monkeypatch, settings, "google", AuthorizationServer())


@pytest.fixture
def microsoft(monkeypatch, settings):
    server = AuthorizationServer(scope="", rotates=False)
    server.client_id = TENANT
    yield from standing_in(monkeypatch, settings, "microsoft", server)


def standing_in(monkeypatch, settings, provider, server):
    stand_in(monkeypatch, provider, server)
    server.redirects.add(f"{settings.SITE_URL}/desk/mailboxes/consent/")
    monkeypatch.setattr(probing, "_imap", lambda mailbox: [])  # the mail servers have tests of their own
    monkeypatch.setattr(probing, "_smtp", lambda mailbox: [])
    yield server
    server.stop()


@pytest.fixture
def root(signed_in, make_agent):
    return signed_in(make_agent("root", role="administrator"))


def begin(client, given=GIVEN, path="/desk/mailboxes/sign-in/"):
    answer = client.post(path, given)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


def come_back(client, address):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def connected(client, server, **more):
    come_back(client, server.agree(begin(client, GIVEN | more)))
    return Grant.objects.get()


def test_what_is_asked_for_is_exactly_what_is_needed(root, google, settings):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begin(root)).query).items()}
    assert asked["scope"] == "https://mail.google.com/" and asked["access_type"] == "offline" and asked["prompt"] == "consent"
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43 and len(asked["state"]) >= 32
    assert asked["redirect_uri"] == f"{settings.SITE_URL}/desk/mailboxes/consent/"
    assert "secret" not in str(asked)
    page = root.get("/desk/mailboxes/sign-in/").content.decode()
    assert asked["redirect_uri"] in page and "https://mail.google.com/" in page
    page = root.get("/desk/mailboxes/sign-in/?provider=microsoft").content.decode()
    assert "https://outlook.office.com/IMAP.AccessAsUser.All" in page and "offline_access" in page and "SMTP.Send" in page


def test_the_page_may_lead_to_the_providers_and_nowhere_else(root, db):
    policy = root.get("/desk/mailboxes/sign-in/")["Content-Security-Policy"]
    rule = next(one for one in policy.split("; ") if one.startswith("form-action"))
    assert rule.split()[1:] == ["'self'", "https://accounts.google.com", "https://login.microsoftonline.com"]


def test_a_mailbox_is_connected_and_its_tokens_are_sealed(root, google):
    grant = connected(root, google)
    box = grant.mailbox
    assert (box.address, box.active, box.imap_host, box.smtp_host) == ("support@beichen.example", True, "imap.gmail.com", "smtp.gmail.com")
    assert grant.state == "good" and grant.granted_by and grant.asked == {}
    kept = [bytes(getattr(grant, name)) for name in ("client_secret_sealed", "refresh_token_sealed", "access_token_sealed")]
    assert all(one.startswith(b"K1") for one in kept)
    assert grant.secret("refresh_token") in google.refresh and grant.secret("access_token") in google.access
    page = root.get(f"/desk/mailboxes/{box.pk}/sign-in/").content.decode()
    assert "app-secret" not in page and grant.secret("refresh_token") not in page
    acts = list(AuditEntry.objects.values_list("act", flat=True))
    assert "mailbox.consent_asked" in acts and "mailbox.consent" in acts
    assert not any(secret in str(list(AuditEntry.objects.values())) for secret in ("app-secret", *google.refresh, *google.access))


def test_only_who_left_may_come_back_and_only_once(root, google, make_agent):
    address = google.agree(begin(root))
    other = Client()
    other.force_login(make_agent("other", role="administrator").user)
    assert "problem=state" in come_back(other, address)["Location"]
    assert come_back(Client(), address).status_code == 302  # nobody: to the sign-in
    forged = address.replace("state=", "state=x")
    assert "problem=state" in come_back(root, forged)["Location"]
    assert "not begun here" in root.get(come_back(root, forged)["Location"]).content.decode()
    assert not google.asked and Grant.objects.get().state == "new"
    come_back(root, address)
    assert Grant.objects.get().state == "good"
    assert "problem=state" in come_back(root, address)["Location"]


def test_another_servers_answer_is_not_taken(root, google):
    address = google.agree(begin(root)).replace("accounts.google.com", "evil.example")
    assert "came from another server" in root.get(come_back(root, address)["Location"]).content.decode()
    assert not google.asked


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda server: setattr(server, "client_secret", "another"), "does not know this client ID and secret"),
        (lambda server: setattr(server, "scope", "openid email"), "leave every box ticked"),
        (lambda server: setattr(server, "trouble", 503), "has no words of its own"),
        (lambda server: server.codes.clear(), "The right was withdrawn or has run out"),
    ],
)
def test_each_refusal_is_said_in_words_and_what_was_typed_stays(root, google, spoil, words):
    address = google.agree(begin(root))
    spoil(google)
    page = root.get(come_back(root, address)["Location"]).content.decode()
    assert words in page or ("503" in page and "It does not work yet" in page)
    assert AuthorizationServer.client_id in page and "A secret is kept" in page
    assert Grant.objects.get().state == "new" and not Mailbox.objects.get().active


def test_whoever_says_no_is_told_what_to_do(root, google):
    page = root.get(come_back(root, google.agree(begin(root), refuse="access_denied"))["Location"]).content.decode()
    assert "The sign-in was refused" in page


def test_a_right_that_works_goes_on_until_the_new_one_is_given(root, google):
    grant = connected(root, google)
    path = f"/desk/mailboxes/{grant.mailbox_id}/sign-in/"
    begin(root, {"provider": "google", "client_id": "next.apps.googleusercontent.com", "client_secret": "s"}, path)
    Grant.objects.update(access_until=now())
    assert access_token(grant.mailbox) in google.access
    assert google.asked[-1]["client_id"] == AuthorizationServer.client_id


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"address": "nonsense"}, "is no mail address"),
        ({"client_id": "abc"}, "ends with .apps.googleusercontent.com"),
        ({"client_secret": ""}, "shows the secret once"),
        ({"provider": "microsoft", "client_id": "abc"}, "looks like 00000000"),
        ({"provider": "microsoft", "client_id": TENANT, "client_secret": TENANT}, "secret’s ID"),
        ({"provider": "microsoft", "client_id": TENANT, "flow": "application"}, "enter its ID"),
        ({"provider": "microsoft", "client_id": TENANT, "tenant": "a/../b"}, "A tenant is an ID"),
    ],
)
def test_what_cannot_be_right_is_refused_before_the_provider_sees_it(root, db, more, words):
    answer = root.post("/desk/mailboxes/sign-in/", GIVEN | more)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not Mailbox.objects.exists()


def test_only_administrators_connect_mailboxes(signed_in, make_agent):
    for role in ("agent", "supervisor", "auditor", "editor"):
        client = signed_in(make_agent(role, role=role))
        assert client.get("/desk/mailboxes/sign-in/").status_code == 403
        assert client.get("/desk/mailboxes/consent/").status_code == 403


def test_an_organisations_app_needs_nobody_to_sign_in(root, microsoft):
    given = {"provider": "microsoft", "address": "support@beichen.example", "client_id": TENANT, "client_secret": "app-secret",
             "flow": "application", "tenant": "beichen.example"}  # fmt: skip
    answer = root.post("/desk/mailboxes/sign-in/", given)
    grant = Grant.objects.get()
    assert answer["Location"] == f"/desk/mailboxes/{grant.mailbox_id}/sign-in/"
    assert microsoft.asked[-1]["grant_type"] == "client_credentials"
    assert microsoft.asked[-1]["scope"] == "https://outlook.office365.com/.default"
    assert (grant.state, grant.mailbox.smtp_host) == ("good", "smtp.office365.com")
    Grant.objects.update(access_until=now())
    assert access_token(grant.mailbox) in microsoft.access


def test_a_token_is_renewed_before_it_ends_and_the_new_refresh_token_is_kept(root, google):
    grant = connected(root, google)
    first = access_token(grant.mailbox)
    assert access_token(grant.mailbox) == first
    Grant.objects.update(access_until=now() + timedelta(minutes=4))
    second = access_token(grant.mailbox)
    assert second != first and Grant.objects.get().secret("refresh_token") in google.refresh
    third = access_token(grant.mailbox, refused=second)  # the mail server did not take it
    assert third not in {first, second}


def test_a_server_in_trouble_ends_nothing(root, google):
    grant = connected(root, google)
    Grant.objects.update(access_until=now())
    google.trouble = 503
    with pytest.raises(Exception, match="503"):
        access_token(grant.mailbox)
    google.trouble = 0
    assert access_token(grant.mailbox) in google.access


def test_a_withdrawn_right_is_told_and_nothing_is_lost(root, google, agent, settle, settings, make_agent, monkeypatch):
    grant = connected(root, google)
    box = grant.mailbox
    from kefu.channels.email.keep import keep

    monkeypatch.setattr("kefu.channels.email.take_in.resolve", lambda name, kind: ())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    seen = keep(box, letter(to=box.address).as_bytes(), source="lmtp")
    google.revoke_all()
    Grant.objects.update(access_until=now())
    settle()
    seen.refresh_from_db()
    reply(seen.conversation, "an answer", agent=agent)
    settle()
    held = Delivery.objects.filter(message__kind="agent").get()
    assert (held.state, held.attempts) == ("due", 0) and held.error.startswith("the mailbox cannot sign in: invalid_grant")
    assert Grant.objects.get().state == "lost" and "mailbox.consent_lost" in AuditEntry.objects.values_list("act", flat=True)
    asked = len(google.asked)
    Delivery.objects.update(due_at=now())
    deliver(held.pk)
    assert len(google.asked) == asked  # the provider is left alone until somebody connects it again
    boss = make_agent("boss", role="supervisor")
    mail.outbox.clear()
    for _ in range(3):
        alarm.look()
        settle()
    told = [one for one in mail.outbox if one.to == [boss.user.email]]
    assert len(told) == 1 and "stands still" in told[0].subject and "Connect it again" in told[0].body
    page = root.get("/desk/mailboxes/").content.decode()
    assert "Connect it again" in page
    assert "Must be connected again" in root.get(f"/desk/mailboxes/{box.pk}/sign-in/").content.decode()
    path = f"/desk/mailboxes/{box.pk}/sign-in/"
    come_back(root, google.agree(begin(root, GIVEN | {"client_secret": ""}, path)))
    assert Grant.objects.get().state == "good"
    held.refresh_from_db()
    assert held.due_at <= now()
    alarm.look()
    settle()
    assert "works again" in [one for one in mail.outbox if one.to == [boss.user.email]][-1].subject


def test_a_right_is_given_back(root, google):
    grant = connected(root, google)
    assert root.post(f"/desk/mailboxes/{grant.mailbox_id}/sign-in/removal/").status_code == 302
    assert not Grant.objects.exists() and not google.refresh and Mailbox.objects.count() == 1
    assert AuditEntry.objects.filter(act="mailbox.consent_given_back").exists()


def test_a_password_that_is_entered_goes_first(root, google):
    box = connected(root, google).mailbox
    box.refresh_from_db()
    assert box.signs_in_by_token("imap") and box.signs_in_by_token("smtp")
    box.keep_secret("smtp_password", "x")
    assert box.signs_in_by_token("imap") and not box.signs_in_by_token("smtp")
