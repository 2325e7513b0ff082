"""Every address of the system; the parts list their own."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
