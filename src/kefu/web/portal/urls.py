from django.urls import path

from kefu.web.portal import after_sign_in, check, new_ticket, suggest, ticket, ticket_acts, tickets, uploads

urlpatterns = [
    path("tickets/new/", new_ticket.choose, name="ticket-choose"),
    path("tickets/new/<slug:topic>/", new_ticket.new_ticket, name="ticket-new"),
    path("tickets/new/<slug:topic>/suggestions/", suggest.suggestions, name="ticket-suggestions"),
    path("tickets/check/", check.check, name="ticket-check"),
    path("tickets/files/", uploads.files, name="ticket-files"),
    path("tickets/code/", new_ticket.code, name="ticket-code"),
    path("conversations/", tickets.tickets, name="conversations"),
    path("conversations/<str:number>/<str:token>/", ticket.ticket, name="conversation"),
    path("conversations/<str:number>/<str:token>/sent/", new_ticket.sent, name="ticket-sent"),
    path("conversations/<str:number>/<str:token>/replies/", ticket_acts.replies, name="ticket-replies"),
    path("conversations/<str:number>/<str:token>/status/", ticket_acts.status, name="ticket-status"),
    path("conversations/<str:number>/<str:token>/escalation/", ticket_acts.escalation, name="ticket-escalation"),
    path("conversations/<str:number>/<str:token>/rating/", ticket_acts.rating, name="ticket-rating"),
    path("conversations/<str:number>/<str:token>/transcript-mail/", ticket_acts.transcript_mail, name="ticket-transcript-mail"),
    path("conversations/<str:number>/<str:token>/transcript.<str:form>", ticket_acts.transcript, name="ticket-transcript"),
    path("after-sign-in/", after_sign_in.after_sign_in, name="after-sign-in"),
]
