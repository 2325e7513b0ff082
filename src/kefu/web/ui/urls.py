"""The addresses of the design system itself."""

from django.urls import path

from kefu.web.ui.appearance import appearance
from kefu.web.ui.components import components
from kefu.web.ui.offline import manifest, offline, service_worker

urlpatterns = [
    path("appearance/", appearance, name="ui-appearance"),
    path("components/", components, name="ui-components"),
    path("offline/", offline, name="ui-offline"),
    path("manifest.webmanifest", manifest, name="ui-manifest"),
    path("sw.js", service_worker, name="ui-service-worker"),
]
