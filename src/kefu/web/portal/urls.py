from django.urls import path

from kefu.web.portal import after_sign_in, status

urlpatterns = [
    path("conversations/", status.conversations, name="conversations"),
    path("conversations/<str:number>/<str:token>/", status.conversation, name="conversation"),
    path("after-sign-in/", after_sign_in.after_sign_in, name="after-sign-in"),
]
