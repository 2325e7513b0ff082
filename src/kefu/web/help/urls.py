from django.urls import path

from kefu.web.help import academy, article, errors, glossary, home, news, numbers, reach, search, topic, verify

urlpatterns = [
    path("", home.home, name="help-home"),
    path("topics/", topic.topics, name="help-topics"),
    path("topics/<slug:slug>/", topic.topic, name="help-topic"),
    path("articles/<slug:slug>/", article.article, name="help-article"),
    path("articles/<slug:slug>/vote/", article.vote, name="help-vote"),
    path("search/", search.results, name="help-search"),
    path("search/suggest/", search.suggest, name="help-suggest"),
    path("announcements/", news.announcements, name="help-status"),
    path("announcements/feed.xml", news.NewsFeed(), name="help-feed"),
    path("announcements/<slug:slug>/", news.announcement, name="help-announcement"),
    path("academy/", academy.academy, name="help-academy"),
    path("errors/", errors.errors, name="help-errors"),
    path("glossary/", glossary.glossary, name="help-glossary"),
    path("contact/", reach.contact, name="help-contact"),
    path("contact/live/", reach.reach, name="help-reach"),
    path("numbers/", numbers.numbers, name="help-numbers"),
    path("verify/", verify.verify, name="help-verify"),
]
