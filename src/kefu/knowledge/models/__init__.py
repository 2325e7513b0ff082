from kefu.knowledge.models.announcement import Announcement, AnnouncementText
from kefu.knowledge.models.article import Article, Revision, Translation, Vote
from kefu.knowledge.models.change import Change
from kefu.knowledge.models.error_code import ErrorCode
from kefu.knowledge.models.proposal import Proposal
from kefu.knowledge.models.search import IndexVersion, SearchLog
from kefu.knowledge.models.term import Term

__all__ = [
    "Announcement",
    "AnnouncementText",
    "Article",
    "Change",
    "ErrorCode",
    "IndexVersion",
    "Proposal",
    "Revision",
    "SearchLog",
    "Term",
    "Translation",
    "Vote",
]
