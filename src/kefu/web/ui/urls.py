"""The addresses of the design system itself."""

from django.urls import path

from kefu.web.ui.components import components
from kefu.web.ui.offline import manifest, offline, service_worker
from kefu.web.ui.theme import theme

urlpatterns = [
    path("theme/", theme, name="ui-theme"),
    path("components/", components, name="ui-components"),
    path("offline/", offline, name="ui-offline"),
    path("manifest.webmanifest", manifest, name="ui-manifest"),
    path("sw.js", service_worker, name="ui-service-worker"),
]
