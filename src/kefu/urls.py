"""Every address of the system; the parts list their own. Public pages carry their language in the address."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kefu.web.help.entrance import entrance
from kefu.web.mail_hook import mail_hook, provider_hook
from kefu.web.ui.errors import too_large
from kefu.web.widget import embed, host_identity, uploads

handler400 = "kefu.web.ui.errors.bad_request"
handler403 = "kefu.web.ui.errors.forbidden"
handler404 = "kefu.web.ui.errors.not_found"
handler429 = "kefu.web.ui.errors.too_many"
handler500 = "kefu.web.ui.errors.server_error"

# First what is asked for most: whoever looks an address up goes through the list from its top.
urlpatterns = i18n_patterns(
    path("chat/", include("kefu.web.widget.urls")),
    path("", include("kefu.web.portal.urls")),
    path("", include("kefu.web.help.urls")),
    path("too-large/", too_large),
)

urlpatterns += [
    path("", entrance, name="entrance"),
    path("desk/", include("kefu.web.desk.urls")),
    path("studio/", include("kefu.web.studio.urls")),
    path("accounts/", include("kefu.web.account.urls")),
    path("hooks/mail/<uuid:uid>/", mail_hook, name="mail-hook"),
    path("hooks/mail/<uuid:uid>/news/<str:token>/", provider_hook, name="provider-hook"),
    path("files/<str:token>", uploads.file, name="file"),
    path("widget/embed.js", embed.embed, name="embed"),
    path("widget/identity/", host_identity.identity, name="host-identity"),
    path("demo-site/", embed.demo_site, name="demo-site"),
    path("", include("kefu.web.help.plain_urls")),
]
