"""What the studio edits besides articles, in the order of its rail."""

from kefu.web.studio.calendars import CALENDARS
from kefu.web.studio.contacts import CONTACTS
from kefu.web.studio.flows import FLOWS
from kefu.web.studio.news import NEWS
from kefu.web.studio.terms import TERMS
from kefu.web.studio.things import Thing
from kefu.web.studio.topics import TOPICS

THINGS: dict[str, Thing] = {thing.code: thing for thing in (NEWS, TERMS, TOPICS, FLOWS, CONTACTS, CALENDARS)}
