"""Browsers and systems in words, from the line that each sends."""

import pytest

from kefu.text.browsers import named

MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/"
LINES = {
    MAC + "537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36": "Chrome 131 · macOS",
    MAC + "605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15": "Safari 18 · macOS",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0": "Edge 131 · Windows",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox 128 · Linux",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1": "Safari 17 · iPhone",
    "Mozilla/5.0 (Linux; Android 14; 23127PN0CC) AppleWebKit/537.36 Chrome/116.0 Mobile Safari/537.36 MicroMessenger/8.0.49": "WeChat 8 · Android",
    "curl/8.4.0": "",
    "": "",
    "x" * 9000: "",
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: LINES[line] or line[:12] or "nothing")
def test_a_browser_is_named_as_people_know_it(line):
    assert named(line) == LINES[line]
