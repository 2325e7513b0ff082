"""Topics, flows, terms, announcements, contacts and working hours in the studio: changed, looked up, taken back."""

import pytest
from django.urls import reverse

from kefu.bot.flow_files import flow_for
from kefu.conversations.shield import official_domains
from kefu.knowledge.models import Announcement, Change, Term
from kefu.people.models import OfficialContact
from kefu.sla.models import WorkCalendar
from kefu.system.audit.models import AuditEntry
from kefu.topics.models import Topic

pytestmark = pytest.mark.django_db
TERM = {
    "slug": "gas",
    "name_en": "Gas",
    "name_zh-hans": "Gas 费",
    "also_en": "gas fee, network fee",
    "also_zh-hans": "",
    "definition_en": "What a network takes for a transaction.",
    "definition_zh-hans": "网络对每笔交易收取的费用。",
    "article": "",
}
CONTACT = {
    "kind": "telegram",
    "address": "https://t.me/Kefu_News/",
    "reaches": "never",
    "position": "3",
    "note_en": "A channel",
    "note_zh-hans": "",
}
CALENDAR = {
    "slug": "night",
    "zone": "Asia/Shanghai",
    "name_en": "Nights",
    "name_zh-hans": "夜班",
    "day_0": "9:00-12:00, 13:00-24:00",
    "special": "2027-01-01",
}
NEWS = {
    "slug": "pause",
    "kind": "maintenance",
    "published": "2026-01-05T10:00",
    "expires": "",
    "pinned": "on",
    "title_en": "A pause",
    "title_zh-hans": "暂停",
    "summary_en": "Short.",
    "body_en": "**Bold** <script>alert(1)</script>",
}


def rows(*questions):
    form = {"rows-TOTAL_FORMS": str(len(questions)), "rows-INITIAL_FORMS": "0"}
    for at, question in enumerate(questions):
        full = {"type": "text", "ask_en": "What?", "ask_zh-hans": "什么？", "ORDER": str(at + 1), **question}
        form |= {f"rows-{at}-{name}": value for name, value in full.items()}
    return form


TOPIC = {"slug": "cards", "name_en": "Cards", "name_zh-hans": "银行卡", "urgency": "normal", "needs": "app", "position": "7"}
FLOW = {
    "title_en": "t",
    "title_zh-hans": "题",
    "opening_en": "Hello",
    "opening_zh-hans": "你好",
    "closing_en": "Bye",
    "closing_zh-hans": "再见",
}


@pytest.fixture
def admin(make_agent, signed_in):
    return signed_in(make_agent("boss", role="administrator"))


def make(client, code, form):
    return client.post(reverse("studio-thing-new", args=[code]), form)


@pytest.mark.parametrize("code", ["announcements", "terms", "topics", "flows", "contacts", "calendars"])
def test_every_list_and_empty_form_opens(admin, code):
    assert admin.get(reverse("studio-things", args=[code])).status_code == 200
    assert admin.get(reverse("studio-thing-new", args=[code])).status_code == 200


def test_a_term_is_made_changed_and_taken_back_and_the_log_knows(admin):
    assert make(admin, "terms", TERM).status_code == 302
    page = reverse("studio-thing", args=["terms", "gas"])
    changed = admin.post(page, {**TERM, "definition_en": "Other words.", "seen": ""})
    assert changed.status_code == 302
    assert Term.objects.get(slug="gas", language="en").definition == "Other words."
    newest = Change.objects.first()
    assert admin.post(reverse("studio-thing-back", args=["terms", newest.pk])).status_code == 302
    assert Term.objects.get(slug="gas", language="en").definition == TERM["definition_en"]
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"terms.made", "terms.changed", "terms.taken_back"} <= acts


def test_an_older_change_is_not_taken_back_over_a_newer_one(admin):
    make(admin, "terms", TERM)
    page = reverse("studio-thing", args=["terms", "gas"])
    admin.post(page, {**TERM, "definition_en": "Second."})
    second = Change.objects.first()
    admin.post(page, {**TERM, "definition_en": "Third."})
    admin.post(reverse("studio-thing-back", args=["terms", second.pk]))
    assert Term.objects.get(slug="gas", language="en").definition == "Third."


def test_two_editors_do_not_overwrite_each_other_unseen(admin):
    make(admin, "terms", TERM)
    page = reverse("studio-thing", args=["terms", "gas"])
    seen = admin.get(page).context["seen"]
    admin.post(page, {**TERM, "definition_en": "Hers."})
    answer = admin.post(page, {**TERM, "definition_en": "His.", "seen": seen})
    assert answer.status_code == 409 and "His." in answer.content.decode()
    assert Term.objects.get(slug="gas", language="en").definition == "Hers."


def test_what_was_removed_is_taken_back_from_the_list(admin):
    make(admin, "terms", TERM)
    admin.post(reverse("studio-thing-removal", args=["terms", "gas"]))
    assert not Term.objects.filter(slug="gas").exists()
    listed = admin.get(reverse("studio-things", args=["terms"]))
    admin.post(reverse("studio-thing-back", args=["terms", listed.context["removed"][0].pk]))
    assert Term.objects.get(slug="gas", language="en").also == ["gas fee", "network fee"]


@pytest.mark.parametrize(
    ("code", "form", "says"),
    [
        ("terms", {**TERM, "definition_en": ""}, "This field is required"),
        ("terms", {**TERM, "article": "nowhere"}, "There is no article with this address"),
        ("contacts", {**CONTACT, "address": "@a"}, "too short"),
        ("calendars", {**CALENDAR, "day_0": "9-12"}, "Write hours as"),
        ("calendars", {**CALENDAR, "day_0": "13:00-12:00"}, "follow each other"),
        ("calendars", {**CALENDAR, "zone": "Moon/Base"}, "no such time zone"),
        ("calendars", {**CALENDAR, "special": "tomorrow"}, "tomorrow"),
        ("announcements", {**NEWS, "expires": "2025-01-01T00:00"}, "expire before it appears"),
        ("topics", {**TOPIC, **rows({"name": "a"}, {"name": "a"})}, "Two fields are named a"),
        ("topics", {**TOPIC, **rows({"name": "a", "type": "choice"})}, "at least one choice"),
        ("topics", {**TOPIC, "parent": "cards", **rows()}, "Select a valid choice"),
    ],
)
def test_bad_input_says_what_is_wrong_and_keeps_what_was_typed(admin, code, form, says):
    answer = make(admin, code, form)
    page = answer.content.decode()
    assert answer.status_code == 422 and says in page
    assert str(form["slug"] if "slug" in form else form["address"]) in page
    assert not Change.objects.exists()


def test_an_official_contact_is_confirmed_however_it_is_written(admin, client):
    make(admin, "contacts", CONTACT)
    assert OfficialContact.objects.get().key == "t.me/kefu_news"
    for written in ("t.me/kefu_news", "HTTPS://T.ME/Kefu_News", " www.t.me/kefu_news/ "):
        assert client.get("/en/verify/", {"q": written}).context["verdict"].state == "ours"
    assert client.get("/en/verify/", {"q": "t.me/kefu_news2"}).context["verdict"].state == "unknown"
    assert client.get("/en/verify/", {"q": "t.me/beichen_vip_kefu"}).context["verdict"].state == "lookalike"
    assert client.get("/en/verify/", {"q": "t.me"}).context["verdict"].state == "unknown"


def test_a_website_in_the_list_counts_as_ours_everywhere(admin):
    make(admin, "contacts", {**CONTACT, "kind": "website", "address": "https://pay.other.example"})
    assert "pay.other.example" in official_domains()


def test_hours_are_kept_as_the_contact_page_reads_them(admin):
    make(admin, "calendars", CALENDAR)
    made = WorkCalendar.objects.get(slug="night")
    assert made.week == {"0": [["09:00", "12:00"], ["13:00", "00:00"]]} and made.special == {"2027-01-01": []}
    assert "13:00-24:00" in admin.get(reverse("studio-thing", args=["calendars", "night"])).content.decode()


def test_an_announcement_appears_and_cannot_run_anything(admin, client):
    make(admin, "announcements", NEWS)
    assert Announcement.objects.get().pinned
    page = client.get("/en/announcements/pause/").content.decode()
    assert "<strong>Bold</strong>" in page and "<script>alert" not in page


def test_a_topic_with_its_fields_becomes_a_form(admin, client):
    choice = {"name": "bank", "type": "choice", "required": "on", "choices": "icbc | 工商银行 | ICBC\nabc | 农业银行 | ABC"}
    assert make(admin, "topics", {**TOPIC, **rows({"name": "last", "ORDER": "2"}, {**choice, "ORDER": "1"})}).status_code == 302
    topic = Topic.objects.get(slug="cards")
    assert [field["name"] for field in topic.fields] == ["bank", "last"]
    assert topic.fields[0]["choices"][0] == {"value": "icbc", "zh-hans": "工商银行", "en": "ICBC"}
    assert "ICBC" in client.get("/en/tickets/new/cards/").content.decode()


def test_a_topic_in_use_is_not_removed(admin, article):
    admin.post(reverse("studio-thing-removal", args=["topics", "deposits"]))
    assert Topic.objects.filter(slug="deposits").exists()


def test_a_flow_edited_here_counts_at_once_and_the_file_again_after_taking_back(admin):
    Topic.objects.create(slug="earn")
    before = flow_for("earn")
    form = {**FLOW, "slug": "earn", **rows({"name": "coin", "type": "coin"}, {"name": "sum", "type": "amount", "when": "coin = USDT"})}
    assert admin.post(reverse("studio-thing", args=["flows", "earn"]), form).status_code == 302
    assert [step.field for step in flow_for("earn").steps] == ["coin", "sum"]
    assert flow_for("earn").steps[1].when == ("coin", "USDT")
    admin.post(reverse("studio-thing-back", args=["flows", Change.objects.first().pk]))
    assert flow_for("earn") == before


def test_a_condition_names_an_earlier_question(admin):
    Topic.objects.create(slug="earn")
    answer = admin.post(
        reverse("studio-thing", args=["flows", "earn"]), {**FLOW, "slug": "earn", **rows({"name": "sum", "when": "coin = USDT"})}
    )
    assert answer.status_code == 422 and "does not come before it" in answer.content.decode()


def test_the_preview_shows_what_customers_see(admin):
    form = {**TOPIC, **rows({"name": "x", "ask_en": "Which card is it?", "help_en": "Look at its back."})}
    page = admin.post(reverse("studio-thing-preview", args=["topics"]), form).content.decode()
    assert "Which card is it?" in page and "Look at its back." in page


@pytest.mark.parametrize(
    ("role", "code", "may"), [("editor", "terms", 1), ("editor", "contacts", 0), ("supervisor", "terms", 0), ("auditor", "topics", 0)]
)
def test_who_may_change_what(make_agent, signed_in, role, code, may):
    client = signed_in(make_agent("x", role=role))
    assert client.get(reverse("studio-things", args=[code])).status_code == 200
    answer = make(client, code, {"terms": TERM, "contacts": CONTACT, "topics": TOPIC}[code])
    assert answer.status_code == (302 if may else 403)
