"""Every address of the system; the parts list their own. Public pages carry their language in the address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kefu.web.help.entrance import entrance
from kefu.web.mail_hook import mail_hook
from kefu.web.widget import embed, host_identity, uploads

handler400 = "kefu.web.ui.errors.bad_request"
handler403 = "kefu.web.ui.errors.forbidden"
handler404 = "kefu.web.ui.errors.not_found"
handler500 = "kefu.web.ui.errors.server_error"

urlpatterns = [
    path("", entrance, name="entrance"),
    path("desk/", include("kefu.web.desk.urls")),
    path("studio/", include("kefu.web.studio.urls")),
    path("accounts/", include("allauth.urls")),
    path("hooks/mail/<uuid:uid>/", mail_hook, name="mail-hook"),
    path("files/<str:token>", uploads.file, name="file"),
    path("widget/embed.js", embed.embed, name="embed"),
    path("widget/identity/", host_identity.identity, name="host-identity"),
    path("demo-site/", embed.demo_site, name="demo-site"),
    path("", include("kefu.web.help.plain_urls")),
]

urlpatterns += i18n_patterns(
    path("chat/", include("kefu.web.widget.urls")),
    path("", include("kefu.web.portal.urls")),
    path("", include("kefu.web.help.urls")),
)
