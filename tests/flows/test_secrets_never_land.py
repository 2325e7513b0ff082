"""A seed phrase pasted into the chat of a running server is in no file that this server has written."""

import httpx
import pytest

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


def test_a_first_start_speaks_chinese(tmp_path):
    server = Server(tmp_path).start("--empty")
    try:
        assert "找到答案" in httpx.get(f"{server.url}/zh-hans/", timeout=10).text
    finally:
        server.stop()
