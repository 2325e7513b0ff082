from django.urls import path

from kefu.web.desk import acts, articles, board, inbox, presence, thread, watch

urlpatterns = [
    path("", inbox.inbox, name="desk"),
    path("inbox/", inbox.inbox, name="desk-inbox"),
    path("board/", board.board, name="board"),
    path("presence/", presence.presence, name="desk-presence"),
    path("heartbeat/", presence.heartbeat, name="desk-heartbeat"),
    path("live/", presence.ticket, name="desk-ticket"),
    path("articles/", articles.articles, name="desk-articles"),
    path("palette/", articles.palette, name="desk-palette"),
    path("<uuid:uid>/", thread.conversation, name="desk-conversation"),
    path("<uuid:uid>/live/", watch.watch, name="desk-watch"),
    path("<uuid:uid>/assignment/", acts.assignment, name="desk-assignment"),
    path("<uuid:uid>/replies/", acts.replies, name="desk-replies"),
    path("<uuid:uid>/status/", acts.status, name="desk-status"),
    path("<uuid:uid>/transfers/", acts.transfers, name="desk-transfers"),
    path("<uuid:uid>/escalation/", acts.escalation, name="desk-escalation"),
    path("<uuid:uid>/typing/", acts.typing, name="desk-typing"),
    path("<uuid:uid>/read/", acts.read, name="desk-read"),
    path("<uuid:uid>/files/", acts.files, name="desk-files"),
]
