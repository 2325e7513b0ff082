from django.urls import path

from kefu.web.widget import account, acts, messages, page, transcripts, uploads

urlpatterns = [
    path("messages/", messages.messages, name="chat-messages"),
    path("", page.chat, name="chat"),
    path("panel/", page.panel, name="chat-panel"),
    path("person/", acts.person, name="chat-person"),
    path("left-queue/", acts.left_queue, name="chat-left-queue"),
    path("left-message/", acts.left_message, name="chat-left-message"),
    path("ended/", acts.ended, name="chat-ended"),
    path("read/", acts.read, name="chat-read"),
    path("typing/", acts.typing, name="chat-typing"),
    path("live/", acts.ticket, name="chat-ticket"),
    path("cards/", account.cards, name="chat-cards"),
    path("watch/", account.watch, name="chat-watch"),
    path("proof/", account.proof, name="chat-proof"),
    path("proof/mailbox/", account.mailbox_proof, name="chat-mailbox-proof"),
    path("files/", uploads.files, name="chat-files"),
    path("transcript-mail/", transcripts.transcript_mail, name="chat-transcript-mail"),
    path("transcript.<str:form>", transcripts.transcript_of_talk, name="chat-transcript"),
]
