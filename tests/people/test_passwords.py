"""Passwords: how they are kept, and which ones are refused."""

from hashlib import sha1

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kefu import settings as ours
from kefu.cli import doctor
from kefu.environment import SettingError, file
from kefu.people.breached import fault, how_often
from kefu.people.models import User

GOOD = "a quiet heron at dusk"


def codes(password, user=None):
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {one.code for one in error.error_list}
    return set()


def line(password, count=3):
    return f"{sha1(password.encode()).hexdigest().upper()}:{count}\r\n"


def kept_in(path, passwords):
    path.write_text("".join(sorted(line(one, n + 1) for n, one in enumerate(passwords))), newline="")
    return path


@pytest.fixture
def stored_long_ago(make_agent, settings):
    """Ann's password is kept as it was before Argon2id, and she is signed in on two browsers."""
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    agent = make_agent("ann")
    User.objects.filter(pk=agent.user.pk).update(password=PBKDF2PasswordHasher().encode(GOOD, "salt", iterations=1000))
    agent.user.refresh_from_db()
    browsers = [Client(), Client()]
    for each in browsers:
        each.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    return agent, browsers


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["login", "proof"])
def test_a_password_that_was_kept_in_an_older_way_is_kept_anew_and_signs_nobody_out(stored_long_ago, way):
    agent, browsers = stored_long_ago
    if way == "login":
        browsers.append(Client())
        browsers[-1].post("/accounts/login/", {"login": agent.user.email, "password": GOOD})
    else:
        assert browsers[0].post("/accounts/reauthenticate/", {"password": GOOD}).status_code == 302
    agent.user.refresh_from_db()
    found = identify_hasher(agent.user.password)
    assert found.algorithm == "argon2" and agent.user.password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")
    assert [each.get("/desk/").status_code for each in browsers] == [200] * len(browsers)
    assert agent.user.check_password(GOOD) and not agent.user.check_password(GOOD + "!")


@pytest.mark.parametrize(
    "password",
    ["password1234", "P4$$w0rd1234!", "qwerty123456", "1q2w3e4r5t6y", "qwertyuiopas", "123456789012", "abcdefghijkl", "aaaaaaaaaaaaaa",
     "iloveyou2024!", "dragon-monkey-99", "dragonmonkey!!", "abcabcabcabc", "zxcvbnm,./zxcvbnm", "letmein letmein", "20241127202411", "йцукенгшщзхъ"],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password):
    assert codes(password) & {"password_guessable", "password_too_common", "password_of_the_place"}


@pytest.mark.parametrize(
    "password",
    ["Kefu-2026-kefu", "beichen123456", "Beichen!Support7", "北辰客服北辰客服2026", "rosaKowalski88", "KOWALSKI-rosa!", "vip.desk.rosa1",
     "罗莎罗莎123456789", "kefu-administrator"],
)  # fmt: skip
def test_names_of_the_owner_and_of_the_place_carry_no_password(password):
    rosa = User(email="vip.desk@kowalski.example", name="Rosa Kowalski 罗莎")
    assert codes(password, rosa) & {"password_of_the_place", "password_too_similar"}


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correct horse battery",
        "beichen mountain lantern",
        "我爱北京天安门前的鸽子吗",
        "x7k2m9q4w8z3",
        "Tr0ub4dor&3-quince",
        "rosa likes 3 red boats",
    ],
)
def test_three_words_and_random_ones_are_taken(password):
    assert codes(password, User(email="rosa@staff.example", name="Rosa")) == set()


@given(st.text(min_size=12, max_size=60), st.sampled_from(["", "罗莎", "Rosa"]))
def test_no_text_breaks_the_rules(password, name):
    codes(password, User(email="rosa@staff.example", name=name))


def test_a_breached_password_is_found_on_disk_wherever_it_stands(tmp_path, settings):
    passwords = [f"word number {n}" for n in range(500)]
    settings.BREACHED_PASSWORDS = kept_in(tmp_path / "pwned.txt", passwords)
    assert [how_often(one, settings.BREACHED_PASSWORDS) for one in passwords] == list(range(1, 501))
    assert how_often(GOOD, settings.BREACHED_PASSWORDS) == 0 and fault(settings.BREACHED_PASSWORDS) == ""
    assert "password_breached" in codes("word number 7") and codes(GOOD) == set()


@given(st.sets(st.text(min_size=1, max_size=5), min_size=1, max_size=40), st.text(max_size=5))
def test_exactly_what_stands_in_the_file_is_found(tmp_path_factory, known, other):
    path = kept_in(tmp_path_factory.mktemp("pwned") / "file", sorted(known))
    assert all(how_often(one, path) for one in known)
    assert bool(how_often(other, path)) == (other in known)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "empty"), (line("b") + line("a") + line("c") + line("d"), "ordered"), ("0" * 32 + ":4\r\n", "NTLM"), ("0" * 35 + ":4\r\n", "pieces"), ("hello\n" * 9, "HASH:COUNT")],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_told_by_the_doctor_and_keeps_nobody_from_choosing(tmp_path, settings, text, said):
    settings.BREACHED_PASSWORDS = tmp_path / "pwned.txt"
    settings.BREACHED_PASSWORDS.write_text(text, newline="")
    [(state, _subject, words)] = doctor.passwords()
    assert state == "bad" and said in words and codes(GOOD) == set()
    settings.BREACHED_PASSWORDS.unlink()
    assert next(doctor.passwords())[0] == "bad" and codes(GOOD) == set()


def test_the_doctor_says_whether_passwords_are_compared(tmp_path, settings, monkeypatch):
    settings.DEMO, settings.BREACHED_PASSWORDS = False, None
    assert next(doctor.passwords())[0] == "warn"
    settings.BREACHED_PASSWORDS = kept_in(tmp_path / "pwned.txt", ["a", "b"])
    assert next(doctor.passwords())[0] == "ok"
    monkeypatch.setenv("KEFU_BREACHED_PASSWORDS", str(tmp_path / "none"))
    with pytest.raises(SettingError, match="there is no file"):
        file("KEFU_BREACHED_PASSWORDS")
