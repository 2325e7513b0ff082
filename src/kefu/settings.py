"""Every setting, in one file. Each environment variable is explained where it is read; docs/settings.md lists them.

`kefu run` needs none of them. Production (`kefu serve`) needs KEFU_SECRET_KEY, KEFU_SITE_URL and usually
KEFU_DATABASE_URL and KEFU_REDIS_URL.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from kefu import environment as env
from kefu.exchange.rights import unknown as unknown_fields

PACKAGE = Path(__file__).resolve().parent
PROJECT = PACKAGE.parent.parent

# KEFU_HOME: where the data lives (database, files, keys). Default: ./var beside the code.
HOME = env.folder("KEFU_HOME", PROJECT / "var")
# KEFU_DEMO: 1 = the embedded system of `kefu run` (demo accounts allowed, secrets made by itself); 0 = production.
DEMO = env.flag("KEFU_DEMO", True)
# KEFU_DEBUG: 1 shows tracebacks in the browser. Never in production.
DEBUG = env.flag("KEFU_DEBUG")
# KEFU_SECRET_KEY: signs sessions, links and tickets; at least 32 random characters.
SECRET_KEY = env.secret("KEFU_SECRET_KEY", HOME, demo=DEMO)
# KEFU_PORT: the port of `kefu run` and `kefu serve`. Default 8000.
PORT = env.number("KEFU_PORT", 8000, least=1, most=65535)
# KEFU_SITE_URL: the address that people type, such as https://help.example.com.
SITE_URL = env.text("KEFU_SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
# KEFU_HOSTS: further host names that this system answers to, separated by commas.
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname or "", "127.0.0.1", "localhost", *env.words("KEFU_HOSTS")]
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# KEFU_PROXIES: how many reverse proxies stand in front (for the visitor's address). Default 0.
PROXIES = env.number("KEFU_PROXIES", 0, most=5)
# KEFU_EMBED_ORIGINS: the websites that may show the chat widget, such as https://www.example.com. Default: any.
EMBED_ORIGINS = env.words("KEFU_EMBED_ORIGINS")
# KEFU_IDENTITY_SECRET: the key with which the host site signs who its visitor is (JWT, HS256). Empty: not accepted.
IDENTITY_SECRET = env.text("KEFU_IDENTITY_SECRET")

# KEFU_BRAND_*: the name that customers see, in Chinese and English, and the prefix of conversation numbers.
BRAND = {"zh-hans": env.text("KEFU_BRAND_ZH", "北辰"), "en": env.text("KEFU_BRAND_EN", "Beichen")}
BRAND_DOMAIN = env.text("KEFU_BRAND_DOMAIN", "beichen.example")
NUMBER_PREFIX = env.text("KEFU_NUMBER_PREFIX", "BC").upper()
# KEFU_CONTENT: the folder of the starter content that `kefu run` imports once.
CONTENT = env.folder("KEFU_CONTENT", PROJECT / "content")

INSTALLED_APPS = [
    "kefu.web.ui",
    "kefu.system.jobs",
    "kefu.system.audit",
    "kefu.system.search",
    "kefu.topics",
    "kefu.people",
    "kefu.knowledge",
    "kefu.conversations",
    "kefu.bot",
    "kefu.routing",
    "kefu.surveys",
    "kefu.sla",
    "kefu.incidents",
    "kefu.approvals",
    "kefu.automation",
    "kefu.reports",
    "kefu.channels.email",
    "kefu.web.help",
    "kefu.web.portal",
    "kefu.web.account",
    "kefu.web.widget",
    "kefu.web.desk",
    "kefu.web.studio",
    "kefu.apps.Kefu",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rules.apps.AutodiscoverRulesConfig",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    # Compresses pages; adds random bytes against guessing by length (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "kefu.web.ui.sharing.OwnSiteOnly",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "kefu.web.ui.zone.ReaderZone",
    "django.middleware.common.CommonMiddleware",
    "kefu.web.ui.characters.WithoutNull",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "kefu.web.account.middleware.Devices",
    "kefu.web.account.middleware.StaffSessions",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kefu.urls"
WSGI_APPLICATION = None
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# KEFU_DATABASE_URL: postgres://user:password@host/name. Default: SQLite in KEFU_HOME.
DATABASES = {"default": env.database("KEFU_DATABASE_URL", HOME)}
# KEFU_REDIS_URL: redis://host:6379/0, needed as soon as more than one process serves. Default: none.
REDIS_URL = env.text("KEFU_REDIS_URL")

CACHES = {
    "default": {
        "BACKEND": "kefu.system.sturdy_cache.SturdyRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 14 * 24 * 3600

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "kefu.web.ui.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "kefu.web.ui.templatetags.ui"],
        },
    }
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "kefu_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = ["kefu.web.ui.finder.BundleFinder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# KEFU_EXCHANGE_URL: where your exchange answers Kefu's questions (docs/exchange-port.md). Default: none in production,
# a fictional exchange otherwise.
EXCHANGE_URL = env.text("KEFU_EXCHANGE_URL")
# KEFU_EXCHANGE_KEY and KEFU_EXCHANGE_SECRET: the name and the secret with which these questions are signed.
EXCHANGE_KEY = env.text("KEFU_EXCHANGE_KEY")
EXCHANGE_SECRET = env.text("KEFU_EXCHANGE_SECRET")
# KEFU_EXCHANGE_WITHHELD: fields of the exchange's answers that Kefu never keeps or shows, with commas between them, such as
# account.country,activity.orders (docs/exchange-port.md lists them).
EXCHANGE_WITHHELD = env.words("KEFU_EXCHANGE_WITHHELD")
# KEFU_EXCHANGE_LEADERS_ONLY: fields that agents do not see at the desk; supervisors and administrators do. Default: account.email.
EXCHANGE_LEADERS_ONLY = env.words("KEFU_EXCHANGE_LEADERS_ONLY", ["account.email"])
if wrong := unknown_fields([*EXCHANGE_WITHHELD, *EXCHANGE_LEADERS_ONLY]):
    raise env.SettingError(f"KEFU_EXCHANGE_WITHHELD or KEFU_EXCHANGE_LEADERS_ONLY names {', '.join(wrong)}: no such field may be left out.")
# KEFU_UPLOAD_MB: the largest file that a customer may send. Default 25.
UPLOAD_LIMIT = env.number("KEFU_UPLOAD_MB", 25, least=1, most=1000) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Sign-in: customers by a code sent to their mailbox, staff by password and second factor.
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["kefu.people.hashing.Argon2id", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# KEFU_BREACHED_PASSWORDS: the file of “Pwned Passwords” (SHA-1, ordered by hash) with which new passwords are compared. Default: none.
BREACHED_PASSWORDS = env.file("KEFU_BREACHED_PASSWORDS")
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "kefu.people.guessable.Guessable"},
    {"NAME": "kefu.people.breached.Breached"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Addresses are proven before there is an account: staff's by the invitation, customers' by the code.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_ADAPTER = "kefu.people.sign_in.Adapter"
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "kefu.people.second_factor.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Kefu"
MFA_FORMS = {
    "authenticate": "kefu.web.account.forms.UseCode",
    "reauthenticate": "kefu.web.account.forms.ShowCodeAgain",
    "add_webauthn": "kefu.web.account.forms.AddPasskey",
    "edit_webauthn": "kefu.web.account.forms.EditPasskey",
    "login_webauthn": "kefu.web.account.forms.SignInByPasskey",
    "authenticate_webauthn": "kefu.web.account.forms.UsePasskey",
    "reauthenticate_webauthn": "kefu.web.account.forms.ShowPasskeyAgain",
}
# A passkey has nothing that could be guessed; a whole office may sit behind one address.
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
# KEFU_SIGN_IN_DAYS: for how many days sign-ins, failures and changes of passwords and factors are kept. Default 180.
SIGN_IN_DAYS = env.number("KEFU_SIGN_IN_DAYS", 180, least=30, most=3650)
# KEFU_STAFF_IDLE_MINUTES: after how long without a touch staff sign in again. Default 30.
STAFF_IDLE_MINUTES = env.number("KEFU_STAFF_IDLE_MINUTES", 30, least=5, most=1440)
# KEFU_STAFF_SESSION_HOURS: after how long they do so in any case. Default 12, so that it never falls into a shift.
STAFF_SESSION_HOURS = env.number("KEFU_STAFF_SESSION_HOURS", 12, least=1, most=336)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after-sign-in"
ACCOUNT_LOGOUT_REDIRECT_URL = "help-home"

# KEFU_SMTP_URL: smtp://user:password@host:587 (smtps:// for TLS from the start). Default: mails are written to
# files in KEFU_HOME/mail, which is how a sign-in code is found on a machine without mail.
SMTP = urlsplit(env.text("KEFU_SMTP_URL"))
DEFAULT_FROM_EMAIL = env.text("KEFU_MAIL_FROM", f"Beichen <support@{BRAND_DOMAIN}>")
if SMTP.scheme:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = SMTP.hostname or "127.0.0.1", SMTP.port or 587
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP.username or "", SMTP.password or ""
    EMAIL_USE_SSL, EMAIL_USE_TLS = SMTP.scheme == "smtps", SMTP.scheme == "smtp" and SMTP.port != 25
    EMAIL_TIMEOUT = 20
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = HOME / "mail"

# Transport and headers.
SECURE = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE:  # browsers take such a cookie from this host alone, over https: no neighbour under the same domain can plant one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_SSL_REDIRECT = False
if SECURE and PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "kefu.web.ui.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-src": [SELF, "https://www.youtube-nocookie.com", "https://player.vimeo.com"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "worker-src": [SELF],
    }
}
SILENCED_SYSTEM_CHECKS: list[str] = []

# KEFU_LOG_LEVEL: debug, info, warning or error. Default info.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("KEFU_LOG_LEVEL", "info").upper()},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}

# Live updates (system/live): how long a ticket to connect lives, and how often a silent stream shows a sign of life.
LIVE_TICKET_SECONDS = 60
LIVE_HEARTBEAT_SECONDS = 20

# Jobs: how long the work of a killed process waits until another takes it over.
JOB_LEASE_SECONDS = env.number("KEFU_JOB_LEASE_SECONDS", 60, least=10, most=600)

# Queue and bot, changed by the operator in the studio later; these are the defaults.
QUEUE_GRACE_MINUTES = env.number("KEFU_QUEUE_GRACE_MINUTES", 15, least=1, most=240)
