"""Every form of the system, found by reading its pages: no text breaks one, and none of them loses a word to a stale page."""

from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client

from kefu.channels.form.adapter import parse
from kefu.channels.webchat.adapter import Sender
from kefu.conversations.links import status_address
from kefu.conversations.receive import receive
from kefu.incidents.models import Incident
from kefu.web.studio.catalogue import THINGS
from kefu.web.visitor import COOKIE, make_token

WORDS = "These words, 打了很久的字, must not be lost."
BREAKERS = {"over-long": "很长 long " * 4000, "no character": "a\x00b \ud83d c\u202e", "huge number": "9" * 400}
PUBLIC = ["", "chat/", "chat/?embed=1", "tickets/new/deposits/", "conversations/", "sign-in/", "verify/", "articles/late-deposit/"]
STAFF = ["desk/", "desk/staff/new/", "desk/staff/teams/new/", "desk/rules/new/", "desk/macros/new/", "desk/incidents/new/"]
STAFF += ["desk/mailboxes/", "desk/mailboxes/new/", "desk/reports/", "desk/board/", "studio/articles/new/", "studio/worklist/"]
STAFF += [f"studio/things/{code}/new/" for code in THINGS]
LEAD_AWAY = ("/accounts/logout/", "/language/", "/theme/")


class Forms(HTMLParser):
    """The forms of a page: where each goes, what it would send, and which of it a person types."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.open, self.select = [], None, None
        self.feed(page)

    def handle_starttag(self, tag, pairs):
        a = dict(pairs)
        if tag == "form":
            self.open = {"method": a.get("method", "get"), "action": a.get("hx-post") or a.get("action") or "", "sent": {}, "typed": []}
            self.forms.append(self.open)
        elif self.open is not None and a.get("name"):
            kind = a.get("type", "text")
            if (
                tag == "textarea"
                or tag == "input"
                and kind in {"text", "search", "email", "number", "url", "tel", "date", "datetime-local"}
            ):
                self.open["typed"].append(a["name"])
                self.open["sent"][a["name"]] = a.get("value") or ""
            elif tag == "input" and (kind == "hidden" or kind in {"radio", "checkbox"} and "checked" in a):
                self.open["sent"][a["name"]] = a.get("value") or "on"
            elif tag == "select":
                self.select = a["name"]
            elif tag == "button" and a["name"] not in self.open["sent"]:
                self.open["sent"][a["name"]] = a.get("value") or ""
        elif tag == "option" and self.open is not None and self.select and ("selected" in a or self.select not in self.open["sent"]):
            self.open["sent"][self.select] = a.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None


def forms_of(client, addresses):
    """Every form that changes something, once."""
    found = {}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in {200, 404}, (address, answer.status_code)
        for form in Forms(answer.content.decode()).forms:
            action = form["action"] or address
            if form["method"] == "post" and form["typed"] and action not in LEAD_AWAY:
                found.setdefault((action, tuple(sorted(form["typed"]))), form)
    return found


@pytest.fixture
def everything(article, make_agent, queued):
    """A system in which every page has something to show; a client that sees it all, and a customer's."""
    boss = make_agent("boss", role="administrator", badge="99", automatic=False)
    ticket = receive(parse("email", "mia@mail.example", topic="", text="My deposit", key="k1", fields={}, language="en")).conversation
    incident = Incident.objects.create(slug="late", titles={"en": "Deposits are late"})
    translation = article.translations.first()

    def client(*, strict=False, staff=True):
        made = Client(enforce_csrf_checks=strict, raise_request_exception=False)
        if staff:
            made.force_login(boss.user, backend="django.contrib.auth.backends.ModelBackend")
        else:
            made.cookies[COOKIE] = make_token(Sender("browser", "browser-1"))
        return made

    staff = [f"/{path}" for path in STAFF] + [f"/desk/{queued.uid}/", f"/desk/{ticket.uid}/"]
    staff += [f"/desk/incidents/{incident.pk}/", f"/desk/staff/{boss.pk}/", f"/studio/articles/{translation.pk}/"]
    staff += [f"/studio/articles/{translation.pk}/about/"]
    public = [f"/en/{path}" for path in PUBLIC] + [status_address(ticket)]
    return client, {True: staff, False: public}


@pytest.mark.parametrize("staff", [True, False], ids=["staff", "customers"])
def test_no_text_breaks_a_form(everything, staff):
    make, addresses = everything
    client = make(staff=staff)
    forms = forms_of(client, addresses[staff])
    assert len(forms) > (30 if staff else 5), sorted(forms)
    broken = []
    for (action, _), form in forms.items():
        for name, text in BREAKERS.items():
            sent = form["sent"] | dict.fromkeys(form["typed"], text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
            with transaction.atomic():
                status = client.post(action, sent).status_code
                transaction.set_rollback(True)
            if status >= 500:
                broken.append((action, name, form["typed"]))
    assert not broken


@pytest.mark.parametrize("staff", [True, False], ids=["staff", "customers"])
def test_no_form_loses_a_word_to_a_stale_page(everything, staff):
    make, addresses = everything
    forms = forms_of(make(staff=staff), addresses[staff])
    strict, lost = make(strict=True, staff=staff), []
    for (action, _), form in forms.items():
        sent = {k: v for k, v in form["sent"].items() if k != "v"} | dict.fromkeys(form["typed"], WORDS)
        answer = strict.post(action, sent | {"csrfmiddlewaretoken": "stale"}, headers={"Sec-Fetch-Site": "same-origin"})
        if answer.status_code != 403 or answer.content.decode().count(WORDS) < len(form["typed"]):
            lost.append((action, answer.status_code))
    assert not lost


@pytest.mark.parametrize("staff", [True, False], ids=["staff", "customers"])
def test_no_question_in_an_address_breaks_a_page(everything, staff):
    make, addresses = everything
    client, broken = make(staff=staff), []
    pages = ["/desk/", "/desk/staff/", "/desk/palette/", "/desk/articles/", "/studio/", *(f"/studio/things/{code}/" for code in THINGS)]
    pages += ["/en/search/", "/en/verify/", "/en/errors/", "/en/conversations/", "/en/lookup/deposit/", "/en/chat/", "/en/tickets/new/"]
    for address in [*pages, *addresses[staff]]:
        for query in ("q=a%00b", "q=" + "9" * 3000, "page=-1&after=x&q=%ff%fe", "topic=%00&tab=zzz&kind=x&language=xx&state=zz"):
            with transaction.atomic():
                if client.get(f"{address.split('?')[0]}?{query}").status_code >= 500:
                    broken.append((address, query[:40]))
                transaction.set_rollback(True)
    assert not broken
    assert client.get("/en/articles/late%00deposit/").status_code == 404
