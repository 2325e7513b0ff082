"""An address that imitates ours is named to both sides at once; others are left alone."""

import pytest
from django.conf import settings

from kefu.channels.form.adapter import parse
from kefu.conversations.receive import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def fake():
    name, _dot, ending = settings.BRAND_DOMAIN.partition(".")
    return f"{name}-login.{ending}"


def write(text, key="k"):
    found = receive(parse("email", "mia@mail.example", topic="", text=text, key=key, fields={}, language="en"))
    found.conversation.refresh_from_db()
    return found


def warnings_in(talk):
    return list(talk.messages.filter(data__role="link_warning").values_list("body", flat=True))


def test_the_customer_is_warned_once_and_the_desk_sees_it(fake, signed_in, agent):
    got = write(f"they told me to log in at https://{fake}/verify")
    (words,) = warnings_in(got.conversation)
    assert fake in words and settings.BRAND_DOMAIN in words
    assert got.message.data["lookalikes"] == [[fake, settings.BRAND_DOMAIN]] or got.message.data["lookalikes"] == [
        (fake, settings.BRAND_DOMAIN)
    ]
    receive(
        parse(
            "email",
            "mia@mail.example",
            topic="",
            text=f"{fake} again",
            key="k2",
            fields={},
            language="en",
            thread=str(got.conversation.uid),
        )
    )
    assert len(warnings_in(got.conversation)) == 1
    assert f"{fake} imitates {settings.BRAND_DOMAIN}" in signed_in(agent).get(f"/desk/{got.conversation.uid}/").content.decode()


@pytest.mark.parametrize(
    "text", ["my mail is mia@gmail.com", "see https://etherscan.io/tx/0x12", f"I am at {settings.BRAND_DOMAIN}", "3.14 USDT", "好的。谢谢"]
)
def test_what_is_ours_or_somebody_elses_is_left_alone(text):
    assert warnings_in(write(text).conversation) == []


def test_an_agent_who_repeats_it_is_asked(fake, signed_in, agent):
    talk = write("hello").conversation
    answer = signed_in(agent).post(
        f"/desk/{talk.uid}/replies/", {"text": f"Is it {fake}?", "key": "a", "seen": "9"}, headers={"X-Requested-With": "fetch"}
    )
    assert answer.status_code == 409 and "imitates" in answer.content.decode()
