"""A seed phrase pasted into the chat of a running server is in no file that this server has written."""

import hmac
import time
from hashlib import sha256

import httpx
import pytest

from kefu.text.files import look
from letters import letter
from packed_files import everywhere
from serving import Browserless, Server

pytestmark = pytest.mark.server
ENGLISH = "legal winner thank year wave sausage worth useful legal winner thank yellow"


def chinese():
    import hashlib
    from importlib.resources import files

    words = (files("mnemonic") / "wordlist" / "chinese_simplified.txt").read_text("utf-8").split()
    entropy = bytes(range(7, 39))
    bits = "".join(f"{b:08b}" for b in entropy) + f"{hashlib.sha256(entropy).digest()[0]:08b}"
    return "".join(words[int(bits[i : i + 11], 2)] for i in range(0, 264, 11))


def test_it_is_in_no_file_and_the_customer_is_told(tmp_path):
    unspaced = chinese()
    server = Server(tmp_path, KEFU_LOG_LEVEL="debug").start("--empty")
    try:
        with httpx.Client(timeout=10) as client:
            window = Browserless(server, client)
            window.say(f"please help {ENGLISH} thanks", "k1")
            window.say(f"我的助记词是{unspaced}帮我看看", "k2")
            client.get(f"{server.url}/en/search/", params={"q": ENGLISH})
            client.get(f"{server.url}/en/search/suggest/", params={"q": unspaced})
            page = client.get(f"{server.url}/en/chat/panel/", params={"v": window.token}).text
        assert "We did not keep it" in page and "move your funds" in page
    finally:
        server.stop()
    looked_at = 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            looked_at += 1
            for part in (b"winner thank", b"wave sausage", unspaced[:6].encode(), unspaced[-6:].encode()):
                assert part not in content, path
    assert looked_at > 3


def test_in_a_file_it_is_in_no_file_either(tmp_path):
    """By chat, by form and by mail, in everything that has text: pages, documents, archives, mails in mails."""
    server = Server(tmp_path, KEFU_LOG_LEVEL="debug").start("--empty")
    files, told = everywhere(ENGLISH), []
    try:
        hook = server.manage(
            "from kefu.channels.email.models import Mailbox\n"
            "m = Mailbox.objects.create(address='support@beichen.example')\n"
            "m.keep_secret('webhook_secret', 'k'); m.save(); print(m.uid)"
        )
        with httpx.Client(timeout=60) as client:
            window = Browserless(server, client)
            window.say("I have a question about a deposit", "k0")
            for name, content in files.items():
                for place in ("chat", "tickets"):
                    answer = client.post(
                        f"{server.url}/en/{place}/files/", data={"v": window.token, "talk": window.talk}, files={"file": (name, content)}
                    )
                    assert answer.status_code in {200, 422, 429}, answer.text
                    told.append((name, place, answer.status_code, answer.text))
            for name, content in files.items():
                made = letter("see the file", sender=f"{name.replace('.', '-')}@mail.example")
                made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
                hand_over(client, server, hook, made.as_bytes())
            away = letter(f"I am away {ENGLISH}", sender="away@mail.example", Auto_Submitted="auto-replied")
            hand_over(client, server, hook, away.as_bytes())
            for _ in range(300):
                if not (waiting := server.count("channel_email_seenmail", "outcome = 'waiting'")):
                    break
                time.sleep(0.3)
            assert not waiting
        raws = server.manage(
            "from kefu.channels.email.models import SeenMail\nfrom kefu.channels.email.keep import raw_of\n"
            "from base64 import b64decode\nrows = list(SeenMail.objects.all())\n"
            "print(len(rows), [r.outcome for r in rows if not r.raw_key or b'X-Kefu-Redacted: yes' not in raw_of(r)])"
        )
        assert raws == f"{len(files) + 1} []"  # every raw copy, sealed as it is, was made anew without the secret
    finally:
        server.stop()
    assert {one[0] for one in told if one[2] == 422} >= {"scan.pdf", "letter.docx", "table.xlsx", "logs.zip", "twice.zip", "mail.eml"}
    assert all("was not kept" in text and "move your funds" in text for _, _, status, text in told if status == 422)
    nowhere(tmp_path, (b"winner thank", b"wave sausage", b"sausage"))


def hand_over(client, server, hook, raw):
    at = str(int(time.time()))
    sign = hmac.new(b"k", at.encode() + b"." + raw, sha256).hexdigest()
    answer = client.post(f"{server.url}/hooks/mail/{hook}/", content=raw, headers={"X-Kefu-Signature": f"t={at},v1={sign}"})
    assert answer.status_code == 202


def nowhere(home, parts):
    """No file holds any of it, not even in an archive or in the mails that went out."""
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(part in content for part in parts), path
            assert "seed_phrase" not in look(path.name, content).kinds if "attachments" in path.parts else True, path


def test_a_first_start_speaks_chinese(tmp_path):
    server = Server(tmp_path).start("--empty")
    try:
        assert "找到答案" in httpx.get(f"{server.url}/zh-hans/", timeout=10).text
    finally:
        server.stop()
