"""`kefu content FOLDER`: import articles, announcements, terms and topics. Running it twice changes nothing twice."""

import sys
from pathlib import Path

from django.conf import settings

from kefu.automation.content import import_macros
from kefu.cli import migrate
from kefu.cli.main import parser
from kefu.knowledge.content import import_announcements, import_articles, import_error_codes, import_terms
from kefu.knowledge.front_matter import BadFile
from kefu.people.contacts import import_contacts
from kefu.sla.content import import_sla
from kefu.topics.content import import_topics


def main(arguments: list[str]) -> int:
    options = parser("content", __doc__ or "")
    options.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT)
    options.add_argument("--overwrite", action="store_true", help="also replace texts edited in the interface")
    given = options.parse_args(arguments)
    migrate.bring_up_to_date()
    try:
        print(load(given.folder, overwrite=given.overwrite))
    except BadFile as error:
        print(f"kefu content: {error} Nothing was imported.", file=sys.stderr)
        return 1
    return 0


def load(folder: Path, *, overwrite: bool = False) -> str:
    """Import everything in ``folder``; returns what was done, in words."""
    topics = import_topics(folder)
    articles = import_articles(folder, overwrite=overwrite)
    terms = import_terms(folder)
    announcements = import_announcements(folder)
    import_sla(folder)
    import_contacts(folder)
    import_error_codes(folder)
    import_macros(folder)
    return f"{topics} topics, {articles} new or changed article texts, {terms} terms, {announcements} announcements."
