"""The starter announcements: every kind, both languages, links that lead somewhere, and the importer takes them."""

import re
from collections import Counter
from pathlib import Path

from kefu.knowledge.content import import_announcements
from kefu.knowledge.models import Announcement, AnnouncementText

CONTENT = Path(__file__).parents[1] / "content"
ARTICLES = {path.stem.rpartition(".")[0] for path in (CONTENT / "articles").glob("*/*.md")}


def test_all_kinds_are_there_in_both_languages(db):
    assert import_announcements(CONTENT) >= 20
    assert set(Announcement.objects.values_list("kind", flat=True)) == set(Announcement.Kind.values)
    assert all(count == 2 for count in Counter(AnnouncementText.objects.values_list("announcement", flat=True)).values())


def test_importing_twice_changes_nothing_twice(db):
    import_announcements(CONTENT)
    before = AnnouncementText.objects.count()
    import_announcements(CONTENT)
    assert AnnouncementText.objects.count() == before


def test_links_lead_somewhere():
    for path in (CONTENT / "announcements").glob("*.md"):
        for slug in re.findall(r"\]\(article:([\w-]+)\)", path.read_text("utf-8")):
            assert slug in ARTICLES, (path.name, slug)
