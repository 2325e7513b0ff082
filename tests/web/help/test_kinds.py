"""Kinds of articles beside questions: courses, step-by-step checks, error codes, the academy; and what an article holds."""

import json
import re
from html.parser import HTMLParser

import pytest

from kefu.knowledge.models import Article, ErrorCode, Translation
from kefu.knowledge.publish import publish
from kefu.text.markup import plain, render

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(article):
    """write("slug", kind="path", body="…") publishes an article in English beside the one about deposits."""

    def make(slug, *, body="Text.", title="", **values):
        made = Article.objects.create(slug=slug, topic=article.topic, **values)
        text = Translation.objects.create(article=made, language="en", title=title or slug, summary=f"About {slug}.", body=body)
        publish(text)
        return made

    return make


def machines(page):
    found = re.search(r'<script type="application/ld\+json"[^>]*>(.+?)</script>', page, re.S)
    return {one["@type"]: one for one in json.loads(found[1])["@graph"]}


def test_a_course_leads_from_chapter_to_chapter(client, write):
    for slug in ("one", "two"):
        write(slug, kind="faq")
    write("start", kind="path", title="Start here", chapters=["one", "vanished", "two"])
    course = client.get("/en/articles/start/").content.decode()
    assert course.index("1. one") < course.index("2. two") and "vanished" not in course
    assert "Course" in machines(course)
    first = client.get("/en/articles/one/?path=start").content.decode()
    assert "1 / 2" in first and "/articles/two/?path=start" in first
    assert "Finish the course" in client.get("/en/articles/two/?path=start").content.decode()
    assert "Finish the course" not in client.get("/en/articles/two/?path=elsewhere").content.decode()
    assert "Start here" in client.get("/en/academy/").content.decode()


def test_a_tree_folds_without_script(client, write):
    write("check", kind="tree", body="Begin.\n\n- ? Is it there?\n  - ? Yes\n    - Wait for *it*.\n  - ? No\n    - Ask the sender.\n")
    page = client.get("/en/articles/check/").content.decode()
    assert page.count("<details><summary>") == 3 and "<summary>Is it there?</summary>" in page


def test_a_list_without_questions_stays_a_list():
    assert "<details>" not in render("- one\n  - two\n- what?\n")
    assert plain("- ? Is it?\n  - Yes\n").splitlines() == ["Is it?", "Yes"]


def test_code_in_several_languages_stands_together_with_its_names():
    html = render("```python\na = 1\n```\n\n```javascript\nlet a\n```\n\ntext\n\n```go\nx\n```\n")
    assert html.count("<figcaption>") == 2 and "<figcaption>Python</figcaption>" in html


@pytest.mark.parametrize(
    ("written", "player"),
    [
        ("https://www.youtube.com/watch?v=abc123DEF-_", 'href="https://www.youtube-nocookie.com/embed/abc123DEF-_"'),
        ("https://youtu.be/abc123DEF-_", 'href="https://www.youtube-nocookie.com/embed/abc123DEF-_"'),
        ("https://vimeo.com/123456", 'href="https://player.vimeo.com/video/123456?dnt=1"'),
        ("/files/how.mp4", '<video controls preload="none" src="/files/how.mp4">'),
    ],
)
def test_a_video_loads_nothing_before_it_is_asked_for(written, player):
    html = render(f"![How it goes]({written})")
    assert player in html and "<iframe" not in html and "<img" not in html


@pytest.mark.parametrize("hostile", ["javascript:alert(1)//.mp4", 'x" onerror="alert(1).mp4', "data:text/html,a.mp4"])
def test_a_video_is_no_way_in(hostile):
    html = render(f"![x](<{hostile}>)\n\n<div class=\"video\"><a href='{hostile}'>x</a></div>")
    seen = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: seen.extend((tag, *one) for one in attributes)
    parser.feed(html)
    assert not [one for one in seen if one[1].startswith("on") or re.match(r"\s*(javascript|data):", one[2] or "")]


def test_steps_of_a_guide_are_said_to_machines(client, write):
    write("guide", kind="how-to", body="## Do it\n\n1. Open the app.\n2. Press **Send**.\n")
    found = machines(client.get("/en/articles/guide/").content.decode())
    assert [step["text"] for step in found["HowTo"]["step"]] == ["Open the app.", "Press Send."]
    assert found["BreadcrumbList"]["itemListElement"][0]["name"] == "Deposits"


@pytest.fixture
def codes(db):
    for code, name in (("40003", "Wrong signature"), ("40004", "Clocks differ")):
        ErrorCode.objects.create(code=code, http=401, names={"en": name}, causes={"en": f"Cause {code}"}, fixes={"en": "Fix it."})


@pytest.mark.parametrize(
    ("query", "shown"),
    [("40003", {"40003"}), ("4000", {"40003", "40004"}), ("wrong SIGNATURE", {"40003"}), ("", {"40003", "40004"}), ("99999", set())],
)
def test_error_codes_are_found_by_number_and_by_words(client, codes, query, shown):
    page = client.get("/en/errors/", {"q": query}).content.decode()
    assert set(re.findall(r'id="e(\d+)"', page)) == shown
    assert ("No code fits" in page) == (not shown)


def test_a_code_in_the_search_box_is_answered_at_once(client, codes, article):
    assert "Cause 40003" in client.get("/en/search/", {"q": "40003"}).content.decode()


def test_nothing_found_leads_to_a_ticket_with_the_words(client, article):
    page = client.get("/en/search/", {"q": "zzqx vvw"}).content.decode()
    assert "/en/tickets/new/?q=zzqx%20vvw" in page


def test_the_sitemap_names_every_kind_of_page_in_both_languages(client, article, write):
    text = client.get("/sitemap.xml").content.decode()
    for path in ("/academy/", "/errors/", "/topics/deposits/", "/articles/late-deposit/"):
        assert f"/en{path}" in text and f"/zh-hans{path}" in text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_that_search_engines_may_keep_says_what_it_is(client, article, language):
    """Without a description a search engine shows whatever stands first on the page."""
    found: dict[str, list[str]] = {}
    listed = re.findall(r"<loc>https?://[^/]+(/[^<]*)</loc>", client.get("/sitemap.xml").content.decode())
    paths = [path for path in listed if path.startswith(f"/{language}/")]
    paths += [f"/{language}/{path}" for path in ("chat/", "sign-in/", "conversations/", "tickets/new/", "tickets/new/deposits/")]
    for path in paths:
        page = client.get(path).content.decode()
        said = re.findall(r'<meta name="description" content="([^"]+)">', page)
        assert len(said) == 1, path
        found.setdefault(said[0], []).append(path)
    assert len(paths) > 12 and all(len(same) == 1 for same in found.values()), found
