"""Addresses without a language: for machines, and for the language choice itself."""

from django.urls import include, path
from django.views.i18n import set_language

from kefu.web.help import robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path("language/", set_language, name="set_language"),
    path("", include("kefu.web.ui.urls")),
]
