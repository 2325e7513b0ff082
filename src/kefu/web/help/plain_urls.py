"""Addresses without a language: for machines, and for the language choice itself."""

from django.urls import include, path
from django.views.i18n import set_language

from kefu.web.help import keys, robots

urlpatterns = [
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path(".well-known/openpgpkey/hu/<str:name>", keys.directory, name="key-directory"),
    path(".well-known/openpgpkey/<str:domain>/hu/<str:name>", keys.directory, name="key-directory-advanced"),
    path(".well-known/openpgpkey/policy", keys.policy, name="key-policy"),
    path(".well-known/openpgpkey/<str:domain>/policy", keys.policy, name="key-policy-advanced"),
    path("keys/<str:fingerprint>.asc", keys.key_file, name="key-file"),
    path("language/", set_language, name="set_language"),
    path("", include("kefu.web.ui.urls")),
]
