from django.urls import path

from kefu.web.widget import acts, messages, page, transcripts, uploads

urlpatterns = [
    path("", page.chat, name="chat"),
    path("panel/", page.panel, name="chat-panel"),
    path("messages/", messages.messages, name="chat-messages"),
    path("person/", acts.person, name="chat-person"),
    path("left-queue/", acts.left_queue, name="chat-left-queue"),
    path("left-message/", acts.left_message, name="chat-left-message"),
    path("ended/", acts.ended, name="chat-ended"),
    path("read/", acts.read, name="chat-read"),
    path("typing/", acts.typing, name="chat-typing"),
    path("live/", acts.ticket, name="chat-ticket"),
    path("files/", uploads.files, name="chat-files"),
    path("transcript-mail/", transcripts.transcript_mail, name="chat-transcript-mail"),
    path("transcript.<str:form>", transcripts.transcript_of_talk, name="chat-transcript"),
]
