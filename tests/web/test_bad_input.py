"""What people send by mistake or on purpose: each is told in words what to do, in both languages, and nobody types it twice."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now
from django.utils.translation import override

from kefu.channels.form.adapter import parse
from kefu.conversations.files import ADDRESS_LIFE, signed_address, upload
from kefu.conversations.links import status_address
from kefu.conversations.models import Conversation, Message
from kefu.conversations.receive import receive
from kefu.web.visitor import COOKIE, make_token

WORDS = "My deposit of 500 USDT has not arrived,\n充值两小时了还没到账。"
HERE = {"Sec-Fetch-Site": "same-origin"}
TOLD = {
    "en": {
        "stale": "nothing that you wrote is lost",
        "link": "Take it along",
        "out": "sign in in a new tab",
        "large": "up to 25 MB",
        "elsewhere": "Another website sent this form",
    },
    "zh-hans": {
        "stale": "一个字也没有丢",
        "link": "请复制下来",
        "out": "请在新标签页登录",
        "large": "文件最大 25 MB",
        "elsewhere": "另一个网站以你的名义",
    },
}
LANGUAGES = list(TOLD)


@pytest.fixture
def strict(db):
    """A browser whose forms are checked for being ours."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def ticket(db):
    inbound = parse("email", "mia@mail.example", topic="", text="My deposit is missing", key="k1", fields={}, language="en")
    return receive(inbound).conversation


def typed_in(answer):
    """What the page gives back in its boxes."""
    return [text.replace("&#x27;", "'") for text in re.findall(r"<textarea[^>]*readonly[^>]*>([^<]*)</textarea>", answer.content.decode())]


def address_of(ticket, language, more=""):
    with override(language):
        return status_address(ticket) + more


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_form_comes_back_with_its_words_and_goes_out_when_it_is_sent_again(strict, ticket, language):
    address = address_of(ticket, language, "replies/")
    answer = strict.post(address, {"text": WORDS, "key": "k9", "csrfmiddlewaretoken": "of-yesterday"}, headers=HERE)
    page = answer.content.decode()
    assert answer.status_code == 403 and TOLD[language]["stale"] in page and typed_in(answer) == [WORDS]
    assert "no-store" in answer["Cache-Control"]
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))
    assert strict.post(address, again, headers=HERE).status_code == 302
    assert ticket.messages.filter(kind="customer").last().body == WORDS


def test_a_stale_form_of_another_website_gives_nothing_back(strict, ticket):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = strict.post(address_of(ticket, "en", "replies/"), {"text": WORDS}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 403 and TOLD["en"]["elsewhere"] in page
        assert "500 USDT" not in page and 'method="post" action="/en/conversations' not in page
    answer = strict.post(address_of(ticket, "zh-hans", "replies/"), {"text": WORDS}, headers={"Origin": "https://evil.example"})
    assert TOLD["zh-hans"]["elsewhere"] in answer.content.decode()


def test_a_password_is_never_written_into_a_page_that_is_given_back(strict):
    answer = strict.post("/accounts/login/", {"login": "ann@staff.example", "password": "correct horse battery"}, headers=HERE)
    page = answer.content.decode()
    assert answer.status_code == 403 and "correct horse" not in page


def test_a_script_with_a_stale_token_is_given_a_fresh_one_that_works(strict, agent, queued):
    strict.force_login(agent.user, backend="django.contrib.auth.backends.ModelBackend")
    address, by_script = f"/desk/{queued.uid}/replies/", {**HERE, "X-Requested-With": "fetch"}
    refused = strict.post(address, {"text": "on it"}, headers=by_script)
    assert refused.status_code == 403 and "send it again" in refused.content.decode() and not queued.messages.filter(kind="agent")
    fresh = refused["X-Fresh-Token"]
    assert strict.post(address, {"text": "on it"}, headers={**by_script, "X-CSRFToken": fresh}).status_code == 200
    forged = strict.post(address, {"text": "x"}, headers={"X-Requested-With": "fetch", "Origin": "https://evil.example"})
    assert forged.status_code == 403 and "X-Fresh-Token" not in forged


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_session_that_ended_while_an_agent_wrote_gives_the_words_back(client, queued, language):
    client.cookies["kefu_language"] = language
    address = f"/desk/{queued.uid}/replies/"
    answer = client.post(address, {"text": WORDS}, headers=HERE)
    assert answer.status_code == 401 and TOLD[language]["out"] in answer.content.decode() and typed_in(answer) == [WORDS]
    by_script = client.post(address, {"text": WORDS}, headers={**HERE, "X-Requested-With": "fetch"})
    assert by_script.status_code == 401 and "<html" not in by_script.content.decode()
    assert client.get(f"/desk/{queued.uid}/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_sent_to_an_expired_link_are_given_back(client, ticket, language):
    address = address_of(ticket, language, "replies/").replace(ticket.number, "BC-1111-1111")
    answer = client.post(address, {"text": WORDS}, headers=HERE)
    assert answer.status_code == 404 and TOLD[language]["link"] in answer.content.decode() and typed_in(answer) == [WORDS]
    assert "500 USDT" not in client.get(address_of(ticket, language)[:-3] + "xx/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_longer_than_any_form_is_told_the_limit(client, ticket, language):
    text = "长" * (3 * 1024 * 1024)
    answer = client.post(address_of(ticket, language, "replies/"), {"text": text}, headers={**HERE, "Accept": "text/html"})
    assert answer.status_code == 413 and TOLD[language]["large"] in answer.content.decode()
    by_script = client.post(f"/{language}/chat/messages/", {"text": text}, headers={**HERE, "X-Requested-With": "fetch"})
    assert by_script.status_code == 413 and "25 MB" in by_script.content.decode() and "<html" not in by_script.content.decode()


@pytest.mark.parametrize(("language", "told"), [("en", "Shorten it"), ("zh-hans", "请缩短")])
def test_an_over_long_text_is_told_its_limit_and_stays_in_the_box(client, ticket, queued, signed_in, agent, language, told):
    text = "long words " * 2500
    answer = client.post(address_of(ticket, language, "replies/"), {"text": text})
    assert answer.status_code == 422 and told in answer.content.decode() and text.strip() in answer.content.decode()
    desk = signed_in(agent)
    desk.cookies["kefu_language"] = language
    for mode in ("reply", "note"):
        answer = desk.post(f"/desk/{queued.uid}/replies/", {"text": text, "mode": mode})
        assert answer.status_code == 422 and told in answer.content.decode(), mode


@pytest.mark.parametrize(("language", "told"), [("en", "Send an image"), ("zh-hans", "请发送图片")])
def test_a_file_of_a_wrong_kind_is_told_which_are_taken_and_the_words_stay(client, ticket, language, told):
    file = SimpleUploadedFile("wallet.exe", b"MZ\x90\x00 a program")
    answer = client.post(address_of(ticket, language, "replies/"), {"text": WORDS, "file": file})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and "充值两小时了还没到账" in page


@pytest.mark.parametrize(("language", "told"), [("en", "go on as a guest"), ("zh-hans", "访客")])
def test_a_forged_identity_is_told_and_the_visitor_may_go_on(client, db, settings, language, told):
    settings.IDENTITY_SECRET = "k" * 40
    client.cookies["kefu_language"] = language
    answer = client.post("/widget/identity/", {"token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0."})
    assert answer.status_code == 403 and told in answer.json()["error"]


@pytest.mark.parametrize(("language", "told"), [("en", "mistyped digit"), ("zh-hans", "请检查")])
def test_an_unknown_number_is_told_and_stays_in_the_box(client, db, language, told):
    for number in ("BC-1234-5678", "nonsense", "'; drop table"):
        answer = client.post(f"/{language}/conversations/", {"number": number, "email": "li@mail.example"}, headers=HERE)
        page = answer.content.decode().replace("&#x27;", "'")
        assert told in page and f'value="{number}"' in page, number


def test_an_address_that_is_none_stays_in_the_box_when_a_message_is_left(client, queued):
    client.cookies[COOKIE] = make_token(_sender("browser-1"))
    for headers in ({"X-Requested-With": "fetch"}, {}):
        answer = client.post("/en/chat/left-message/", {"talk": queued.uid.hex, "email": "li at example"}, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 422 and "name@example.com" in page and 'value="li at example"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_form_sent_twice_is_one_message(client, ticket, language):
    for _ in range(2):
        assert client.post(address_of(ticket, language, "replies/"), {"text": WORDS, "key": "the-same"}).status_code == 302
    assert Message.objects.filter(conversation=ticket, body=WORDS).count() == 1


@pytest.mark.parametrize(("language", "told"), [("en", "was faster"), ("zh-hans", "先接手了")])
def test_of_two_agents_who_take_the_same_talk_the_second_is_told_by_whom(queued, make_agent, language, told):
    ann, bob = (Client() for _ in range(2))
    for who, name, badge in ((ann, "ann", "1"), (bob, "bob", "2")):
        who.force_login(make_agent(name, badge=badge, automatic=False).user, backend="django.contrib.auth.backends.ModelBackend")
        who.cookies["kefu_language"] = language
    assert bob.post(f"/desk/{queued.uid}/assignment/").status_code in {200, 302}
    late = ann.post(f"/desk/{queued.uid}/assignment/")
    assert late.status_code == 409 and told in late.content.decode() and "bob" in late.content.decode()
    assert Conversation.objects.get(pk=queued.pk).assignee.badge == "2"


@pytest.mark.parametrize(("language", "told"), [("en", "Open the conversation again"), ("zh-hans", "请重新打开会话")])
def test_a_link_to_a_file_opens_it_for_six_hours_and_then_says_where_a_new_one_is(client, ticket, language, told, time_machine):
    client.cookies["kefu_language"] = language
    time_machine.move_to(now())
    address = signed_address(upload(ticket, SimpleUploadedFile("log.txt", b"line one"), by_customer=True))
    assert b"".join(client.get(address).streaming_content) == b"line one"
    time_machine.shift(ADDRESS_LIFE - 60)
    assert client.get(address).status_code == 200
    time_machine.shift(120)
    for bad in (address, address + "x"):
        answer = client.get(bad)
        assert answer.status_code == 410 and told in answer.content.decode()


@pytest.mark.parametrize(("typed", "meant"), [("充直没到帐", "充值没到账"), ("depsit adress", "deposit adress")])
def test_a_misspelt_question_that_is_not_sure_of_its_answer_is_asked_back(client, article, typed, meant):
    page = client.get("/en/search/", {"q": typed}).content.decode()
    assert f'value="{typed}"' in page and "Did you mean" in page and f"<strong>{meant}</strong>" in page


def test_a_misspelt_question_that_is_understood_is_answered_and_not_asked_back(client, article):
    page = client.get("/en/search/", {"q": "my depsit has not arived"}).content.decode()
    _before, _id, results = page.partition('id="results"')
    assert "/articles/late-deposit/" in results and "Did you mean" not in page


def _sender(name):
    from kefu.channels.webchat.adapter import Sender

    return Sender("browser", name)
