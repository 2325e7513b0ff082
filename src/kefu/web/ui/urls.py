"""The addresses of the design system itself."""

from django.urls import path

from kefu.web.ui.components import components
from kefu.web.ui.errors import too_large
from kefu.web.ui.offline import manifest, offline, service_worker
from kefu.web.ui.shield import words
from kefu.web.ui.theme import theme

urlpatterns = [
    path("theme/", theme, name="ui-theme"),
    path("too-large/", too_large, name="ui-too-large"),
    path("components/", components, name="ui-components"),
    path("offline/", offline, name="ui-offline"),
    path("manifest.webmanifest", manifest, name="ui-manifest"),
    path("shield/<slug:script>.txt", words, name="ui-shield"),
    path("sw.js", service_worker, name="ui-service-worker"),
]
