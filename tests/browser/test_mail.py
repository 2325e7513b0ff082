"""Mail in the browser: hostile HTML does nothing, mails out look right, a mailbox is connected by hand."""

import hmac
import json
import time
from email import policy
from email.parser import BytesParser
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import expect

from letters import letter
from mail_servers import eventually

pytestmark = [pytest.mark.browser, pytest.mark.server]
VECTORS = Path(__file__).resolve().parents[3] / "shared" / "data" / "xss_vectors.json"
SECRET = "a secret that the provider of the tests knows"


@pytest.fixture(scope="module")
def send(system):
    """Hand mails to the running system as a provider would; returns each with its conversation once it is in one."""
    uid = system.manage(
        "from kefu.channels.email.models import Mailbox\n"
        "m, _ = Mailbox.objects.get_or_create(address='support@beichen.example', defaults={'name': 'Beichen', 'signatures': {'en': 'Beichen support, around the clock', 'zh-hans': '北辰客服，全天在线'}})\n"
        f"m.keep_secret('webhook_secret', {SECRET!r}); m.save(); print(m.uid)"
    )

    def post(mail) -> str:
        raw = mail.as_bytes()
        at = str(int(time.time()))
        sign = hmac.new(SECRET.encode(), at.encode() + b"." + raw, sha256).hexdigest()
        answer = httpx.post(
            f"{system.url}/hooks/mail/{uid}/",
            content=raw,
            headers={"X-Kefu-Signature": f"t={at},v1={sign}", "Content-Type": "message/rfc822"},
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["kept"])

    def arrived(kept) -> tuple[str, str]:
        """The mail and its conversation."""
        asked = (
            "SELECT c.uid FROM channel_email_seenmail s JOIN conversations_conversation c ON c.id = s.conversation_id "
            f"WHERE s.uid = '{UUID(kept).hex}'"
        )
        return kept, str(UUID(eventually(lambda: system.rows(asked))[0][0]))

    def run(*mails):
        """Several at once: the system takes them in while the next are handed over."""
        return [arrived(kept) for kept in [post(mail) for mail in mails]]

    return run


def vectors():
    if not VECTORS.exists():
        return ["<script>window.parent.hit=1</script>", '<img src=x onerror="window.parent.hit=1">', "<svg onload=alert(1)>"]
    rows = json.loads(VECTORS.read_text("utf-8"))
    rows = rows.get("vectors", rows) if isinstance(rows, dict) else rows
    return [row if isinstance(row, str) else row.get("payload") or row.get("html") or row.get("vector") or json.dumps(row) for row in rows]


def test_every_hostile_payload_does_nothing_at_the_desk(send, at_the_desk):
    page = at_the_desk("lin")
    asked, dialogs, frames = [], [], 0
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    payloads = vectors()
    # Many small mails: one payload that swallows the rest must not hide the others.
    size, mails = -(-len(payloads) // 20), []
    for start in range(0, len(payloads), size):
        made = letter(
            f"see the layout {start}", sender="xss@mail.example", subject=payloads[start][:60].replace("\n", " ").replace("\r", " ")
        )
        made.add_alternative(
            "".join(f"<div>{n}: {payload}</div>" for n, payload in enumerate(payloads[start : start + size])), subtype="html"
        )
        mails.append(made)
    for seen, talk in send(*mails):
        page.goto(f"/desk/{talk}/")
        page.goto(f"/desk/mail/{seen}/")
        if page.locator("iframe.mail-frame").count():  # a payload may leave nothing to show
            frames += 1
            page.locator("iframe.mail-frame").scroll_into_view_if_needed()
            page.frame_locator("iframe.mail-frame").locator("body").wait_for(state="attached")
            page.wait_for_timeout(150)
    assert frames >= 4
    assert not dialogs
    foreign = [url for url in asked if not url.startswith(("http://127.0.0.1", "data:", "blob:"))]
    assert not foreign, foreign


def test_a_mail_comes_in_and_is_answered(send, at_the_desk, system, tmp_path_factory):
    page = at_the_desk("lin")
    ((_seen, talk),) = send(
        letter(
            "My withdrawal of 500 USDT has not arrived.\n\nRegards,\nMia",
            sender="Mia <mia-mail@mail.example>",
            subject="Withdrawal missing",
        )
    )
    page.goto(f"/desk/{talk}/")
    expect(page.locator("#log")).to_contain_text("has not arrived")
    expect(page.locator("#log")).to_contain_text("mia-mail@mail.example")
    page.fill("#composer textarea", "Hello Mia, **which network** did you choose?\n\n- TRC-20\n- ERC-20")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#log .msg.mine")).to_contain_text("which network")
    found = None
    for _ in range(200):
        mails = [BytesParser(policy=policy.default).parse(file.open("rb")) for file in (system.home / "mail").glob("*.log")]
        found = next(
            (m for m in mails if "mia-mail@mail.example" in str(m["To"]) and "which network" in m.get_body(("plain",)).get_content()), None
        )
        if found:
            break
        time.sleep(0.1)
    assert found is not None
    plain = found.get_body(("plain",)).get_content()
    assert "> My withdrawal of 500 USDT" in plain and "Beichen support, around the clock" in plain
    assert str(found["References"]).count("<") == 2 and str(found["Subject"]).startswith("Re: Withdrawal missing [")
    html = found.get_body(("html",)).get_content()
    for width, scheme in ((700, "light"), (390, "dark")):
        reader = page.context.browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        reader.set_content(html)
        assert reader.evaluate("document.documentElement.scrollWidth") <= width
        reader.screenshot(path=str(tmp_path_factory.getbasetemp() / f"mail-{width}-{scheme}.png"))
        reader.close()


def test_a_mailbox_is_connected_by_hand(at_the_desk):
    page = at_the_desk("admin")
    page.goto("/desk/mailboxes/")
    page.click("text=Connect a mailbox") if page.locator("text=Connect a mailbox").count() else page.click("text=连接邮箱")
    page.fill("#id_address", "vip@beichen.example")
    page.fill("#id_imap_host", "127.0.0.1")
    page.fill("#id_imap_port", "9")
    page.select_option("#id_imap_security", "none")
    page.fill("#id_imap_user", "vip")
    page.fill("#id_imap_password", "open sesame")
    page.click("button[name=try]")
    expect(page.locator("#tried")).to_be_visible()
    assert page.input_value("#id_imap_password") == "open sesame"
    page.fill("#id_imap_host", "")
    page.click("form .btn.primary")
    page.wait_for_url("**/desk/mailboxes/")
    expect(page.locator("main")).to_contain_text("vip@beichen.example")
