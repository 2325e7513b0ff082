"""Every page of signing in: in our look, in the reader's language; what nobody needs is not there."""

import re
import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import get_resolver

from kefu.people.models import User
from kefu.web.account import urls as ours

pytestmark = pytest.mark.django_db
CLOSED = {
    "usersessions_list",
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_confirm_login_code",
}
POSTED = {"account-ending"}  # a form only
MACHINE = {"account-here", "mfa_download_recovery_codes", "mfa_login_webauthn"}  # what scripts ask, and a file
PASSWORD = "correct horse battery"
# What may stand in Latin letters on a Chinese page.
LATIN = {
    "app",
    "api",
    "pin",
    "qr",
    "javascript",
    "english",
    "utc",
    "kefu",
    "a",
    "ann",
    "staff",
    "example",
    "windows",
    "chrome",
    "linux",
    "firefox",
}


def addresses(found=None):
    for one in ours.urlpatterns:
        yield one.name, "/accounts/" + str(one.pattern)


def filled(path, pk):
    return (
        re.sub(r"\^password/reset/key/.*", "password/reset/key/1-set-password/", path)
        .replace("<int:pk>", str(pk))
        .replace("<str:key>", "x")
    )


def words(page):
    """What a reader reads: no markup, no scripts, nothing hidden in attributes but labels."""
    page = re.sub(r"<(script|style|svg|template)\b.*?</\1>", " ", page, flags=re.S)
    labels = " ".join(re.findall(r'(?:aria-label|placeholder|alt|title|data-refused|data-missing)="([^"]*)"', page))
    return re.sub(r"<[^>]+>", " ", page) + " " + labels


def english(page):
    body = re.sub(r"\S+@\S+|https?://\S+|otpauth\S+|127\.0\.0\.1\S*|testserver", " ", words(page))
    body = re.sub(r"<b class=.mono.>.*?</b>", " ", body)
    return sorted({w for w in re.findall(r"[a-z]{2,}", body.lower()) if w not in LATIN})


@pytest.fixture
def ann(make_agent):
    """Staff with every kind of factor."""
    from allauth.mfa.models import Authenticator

    agent = make_agent("ann", badge="7")
    TOTP.activate(agent.user, generate_totp_secret())
    RecoveryCodes.activate(agent.user)
    credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
    agent.key = Authenticator.objects.create(user=agent.user, type="webauthn", data={"name": "钥匙", "credential": credential})
    return agent


def signed_in(agent, *, fresh=True):
    """By password and code, as a person does, so that the session is one of a fresh sign-in."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"})
    client.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    if fresh:
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(agent.user.pk)
        session.save()
    return client


def test_no_page_of_the_library_is_reachable_that_is_not_listed_here():
    from allauth import urls as theirs

    def names(patterns):
        for one in patterns:
            yield from names(one.url_patterns) if hasattr(one, "url_patterns") else [one.name]

    listed = {name for name, _ in addresses()}
    assert not [name for name in names(theirs.urlpatterns) if name not in listed and "session" not in name]
    mounted = [one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/"]
    assert len(mounted) == 1 and mounted[0].urlconf_name is ours


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["stranger", "staff", "staff who must show it again"])
def test_every_page_is_in_our_look_and_in_the_readers_language(ann, who, language, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    seen = 0
    client = Client() if who == "stranger" else signed_in(ann, fresh=who == "staff")
    for name, path in addresses():
        if name in POSTED:
            continue
        client.cookies["kefu_language"] = language
        answer = client.get(filled(path, ann.key.pk), follow=True)
        if name in CLOSED:
            assert answer.status_code == 404, name
            continue
        assert answer.status_code == 200, (name, answer.status_code)
        if "text/html" not in answer["Content-Type"] or not answer.request["PATH_INFO"].startswith("/accounts/"):
            assert name in MACHINE or answer.request["PATH_INFO"].startswith(("/desk/", "/en/", "/zh-hans/")), name
            continue
        page = answer.content.decode()
        assert 'class="origin"' in page and "<h1" in page and "ui/" in page, name
        assert "style=" not in re.sub(r"<svg.*?</svg>|data:\S+", "", page, flags=re.S) and "onclick" not in page, name
        assert not re.search(r"<script(?![^>]*(?:\ssrc=|application/json|importmap))", page), name
        if language == "zh-hans":
            assert not english(page), (name, english(page))
        seen += 1
    assert seen >= 15


def test_customers_find_no_page_about_passwords_or_factors(db):
    client = Client()
    client.force_login(User.objects.create_user("mia@mail.example"), backend="django.contrib.auth.backends.ModelBackend")
    for name, path in addresses():
        if name.startswith("mfa_") and name not in {"mfa_authenticate", "mfa_login_webauthn"} or "change_password" in name:
            assert client.get(filled(path, 1)).status_code == 404, name
    assert client.get("/accounts/").status_code == 200


def test_the_pages_of_an_account_are_not_kept_by_the_browser(ann):
    client = signed_in(ann)
    for path in ("/accounts/", "/accounts/2fa/", "/accounts/2fa/recovery-codes/", "/accounts/2fa/totp/deactivate/"):
        assert "no-store" in client.get(path)["Cache-Control"], path


def test_too_many_tries_get_a_page_that_says_what_to_do(client, db, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    for _ in range(2):
        answer = client.post("/accounts/login/", {"login": "a@b.example", "password": "x"})
    assert answer.status_code == 429 and "wait a minute" in answer.content.decode() and answer["Retry-After"] == "60"


def test_the_secrets_of_factors_are_sealed_in_the_database(ann):
    from allauth.mfa.models import Authenticator

    rows = {one.type: one.data for one in Authenticator.objects.filter(user=ann.user)}
    assert rows["totp"]["secret"].startswith("sealed:") and rows["recovery_codes"]["seed"].startswith("sealed:")
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    assert len(code) == 8


def test_a_factor_from_before_sealing_still_works(ann):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    secret = generate_totp_secret()
    client = Client()
    ann.key.delete()
    from allauth.mfa.models import Authenticator

    Authenticator.objects.filter(type="totp").update(data={"secret": secret})
    client.post("/accounts/login/", {"login": ann.user.email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert client.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_change_of_factors_is_mailed_to_the_owner_and_needs_a_fresh_proof(ann, mailoutbox):
    stale = signed_in(ann, fresh=False)
    assert "/reauthenticate/" in stale.post(f"/accounts/2fa/passkeys/{ann.key.pk}/remove/")["Location"]
    client = signed_in(ann)
    client.post(f"/accounts/2fa/passkeys/{ann.key.pk}/remove/")
    assert not ann.user.authenticator_set.filter(type="webauthn").exists()
    assert mailoutbox[-1].to == [ann.user.email] and "passkey" in mailoutbox[-1].body and "Firefox 128 · Linux" in mailoutbox[-1].body


def test_somebody_elses_passkey_cannot_be_touched(ann, make_agent):
    client = signed_in(make_agent("eve", badge="8"))
    for act in ("remove", "edit"):
        assert client.post(f"/accounts/2fa/passkeys/{ann.key.pk}/{act}/", {"name": "x"}).status_code == 404


def test_a_passkey_is_renamed_and_a_name_that_is_too_long_is_told(ann):
    client = signed_in(ann)
    long = client.post(f"/accounts/2fa/passkeys/{ann.key.pk}/edit/", {"name": "x" * 61})
    assert 'aria-invalid="true"' in long.content.decode()
    client.post(f"/accounts/2fa/passkeys/{ann.key.pk}/edit/", {"name": "办公室"})
    ann.key.refresh_from_db()
    assert ann.key.data["name"] == "办公室"


@pytest.mark.parametrize(
    "sent", ["", "{}", "[]", '"x"', "null", '{"id": 1}', '{"response": {"userHandle": "%%%"}}', '{"response": null}', "{" * 900]
)
def test_no_answer_of_a_device_breaks_the_sign_in(client, db, sent):
    client.get("/accounts/2fa/passkeys/login/", headers={"Accept": "application/json"})
    answer = client.post("/accounts/2fa/passkeys/login/", {"credential": sent})
    assert answer.status_code == 302 and "_auth_user_id" not in client.session
