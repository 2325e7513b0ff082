"""The addresses of allauth, one by one: what is not listed as a page of ours is closed."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import path, re_path

from kefu.web.account import devices, here, overview, passkeys
from kefu.web.account.gate import closed, for_staff_accounts, leaves_nothing, proves_again

urlpatterns = [
    path("", overview.overview, name="account"),
    path("ending/", devices.ending, name="account-ending"),
    path("here/", here.here, name="account-here"),
    path("login/", account.login, name="account_login"),
    path("logout/", leaves_nothing(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", proves_again(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", for_staff_accounts(account.password_change), name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("2fa/", for_staff_accounts(factors.index), name="mfa_index"),
    path("2fa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("2fa/reauthenticate/", proves_again(factors.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", for_staff_accounts(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", for_staff_accounts(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", for_staff_accounts(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", for_staff_accounts(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", for_staff_accounts(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("2fa/passkeys/", for_staff_accounts(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("2fa/passkeys/add/", for_staff_accounts(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("2fa/passkeys/reauthenticate/", proves_again(passkeys.reauthenticate), name="mfa_reauthenticate_webauthn"),
    path("2fa/passkeys/<int:pk>/remove/", for_staff_accounts(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
    path("2fa/passkeys/<int:pk>/edit/", for_staff_accounts(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("2fa/passkeys/login/", passkeys.sign_in, name="mfa_login_webauthn"),
    # Staff's address is changed by an administrator, a customer's is the mailbox that was proven; passwords begin with a link.
    path("email/", closed, name="account_email"),
    path("confirm-email/", closed, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", closed, name="account_confirm_email"),
    path("sessions/", closed, name="usersessions_list"),
    path("password/set/", closed, name="account_set_password"),
    path("login/code/confirm/", closed, name="account_confirm_login_code"),
]
