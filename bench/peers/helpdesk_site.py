"""django-helpdesk as its documentation sets it up, with its public form. Run by gunicorn in a venv of its own:
gunicorn helpdesk_site:application; before that once: python helpdesk_site.py"""

import os
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings

HOME = Path(os.environ["PEER_HOME"])
url = urlsplit(os.environ.get("PEER_DATABASE_URL", ""))
DATABASE = (
    {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": url.username,
        "PASSWORD": unquote(url.password or ""),
        "HOST": url.hostname,
        "PORT": url.port or 5432,
        "CONN_MAX_AGE": 600,
    }
    if url.scheme
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "peer.sqlite3",
        # As kind as ours: without these, eight clients get "database is locked".
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
)
settings.configure(
    SECRET_KEY=os.urandom(16).hex() if len(sys.argv) < 2 else "x",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF="helpdesk_site",
    DATABASES={"default": DATABASE},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django.contrib.sites",
        "django.contrib.humanize",
        "django.contrib.admin",
        "rest_framework",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    SITE_ID=1,
    STATIC_URL="/static/",
    MEDIA_ROOT=HOME / "files",
    EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
    EMAIL_FILE_PATH=str(HOME / "mail"),
    HELPDESK_SUBMIT_A_TICKET_PUBLIC=True,
    HELPDESK_VIEW_A_TICKET_PUBLIC=True,
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_TEAMS_MODEL="auth.Group",
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[("auth", "0012_alter_user_first_name_max_length")],
    LOGGING_CONFIG=None,
    USE_TZ=True,
    LANGUAGE_CODE="en",
)
django.setup()

from django.urls import include, path  # noqa: E402

urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()

if __name__ == "__main__":
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from helpdesk.models import Queue

    Queue.objects.get_or_create(slug="deposits", defaults={"title": "Deposits", "allow_public_submission": True})
