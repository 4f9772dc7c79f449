"""Django's settings, from the typed environment (``base.environment``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import conninfo_to_dict

from fugong.base import environment, personal
from fugong.project import proxy

ROOT = Path(__file__).resolve().parent
DEBUG = environment.flag("FUGONG_DEBUG")
DEFAULT_EXCEPTION_REPORTER = "fugong.base.errors.Reporter"
DEMO = environment.demo()
_SESSIONS = [
    personal.derive_key("django sessions, version 1", n).hex() for n in sorted(personal.versions(), reverse=True)
]
SECRET_KEY, *SECRET_KEY_FALLBACKS = _SESSIONS
ALLOWED_HOSTS = [host for host in environment.text("FUGONG_HOSTS", "127.0.0.1,localhost").split(",") if host]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
FUGONG_PROXIES = proxy.networks(environment.text("FUGONG_PROXY", ""))
# Behind HTTPS (docs/deploy) cookies never cross the network in the clear.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = environment.flag("FUGONG_HTTPS")
SECURE_HSTS_SECONDS = 30 * 86_400 if SESSION_COOKIE_SECURE else 0

INSTALLED_APPS = [
    "fugong.project",
    "fugong.base",
    "fugong.audit",
    "fugong.ledger",
    "fugong.registry",
    "fugong.notices",
    "fugong.clearance",
    "fugong.doors",
    "fugong.journeys",
    "fugong.sampling",
    "fugong.observation",
    "fugong.tracing",
    "fugong.premises",
    "fugong.teams",
    "fugong.resumption",
    "fugong.policies",
    "fugong.submissions",
    "fugong.redress",
    "fugong.reports",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "ninja",
]
MIDDLEWARE = [
    "fugong.project.proxy.BehindProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "fugong.base.middleware.ContentSecurityPolicy",
    "fugong.base.middleware.ChosenLanguage",
    "fugong.base.middleware.ProblemDocuments",
    "fugong.base.middleware.PlainAddresses",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fugong.base.middleware.ActingForVisitor",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "fugong.base.signin.middleware.FirstThingsFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "fugong.project.urls"
WSGI_APPLICATION = "fugong.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "fugong.project.context.surroundings",
            ]
        },
    }
]


def _database(address: str | None) -> dict[str, Any]:
    """Django's form of a connection string; without one, nothing may connect (the command line starts PostgreSQL)."""
    given = conninfo_to_dict(address or "")
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database: dict[str, Any] = {django: str(given[name]) for name, django in known.items() if name in given}
    options = {name: value for name, value in given.items() if name not in known}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **database,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "application_name": "fugong"},
    }


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "fugong.base.logs.WithoutValues"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": True},
        "django.db.backends": {"level": "ERROR"},  # at DEBUG it writes whole statements with their values
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

# Requests, commands and tasks are served by a login that owns nothing; only migrations use the owner's.
DATABASES = {"default": _database(environment.database_url()), "owner": _database(environment.owner_url())}
AUTH_USER_MODEL = "base.User"
CSRF_FAILURE_VIEW = "fugong.base.views.csrf_failure"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "first_name", "last_name")},
    },
]
AUTHENTICATION_BACKENDS = ["fugong.base.signin.backend.ByUserName"]

# Signing in: by user name; nobody signs up, nothing is mailed. ``base/signin`` says how, and docs/sign-in.md what holds.
ACCOUNT_ADAPTER = "fugong.base.signin.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "100/10m/ip,5/15m/key",
    "enter": "30/10m/ip",
    "enrol": "30/10m/ip",
    "reauthenticate": "10/15m/user",
    "change_password": "10/15m/user",
}
MFA_ADAPTER = "fugong.base.signin.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Fugong"
MFA_TOTP_TOLERANCE = 1
REQUIRE_TOTP = environment.flag("FUGONG_REQUIRE_TOTP") and not DEMO
CACHES = {
    "default": {  # in the database, so that limits hold for both server processes
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "base_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

FUGONG_LOSS_LIMIT = environment.whole("FUGONG_LOSS_LIMIT", 50)
FUGONG_ESCALATE_AFTER = environment.whole("FUGONG_ESCALATE_AFTER", 4 * 3600)
FUGONG_WAITING_KEPT = environment.whole("FUGONG_WAITING_KEPT", 7 * 86_400)
# Requests of people are answered within so many days (``redress``).
FUGONG_REDRESS_DAYS = environment.whole("FUGONG_REDRESS_DAYS", 3, least=1)
FUGONG_KEPT_UNTIL = environment.day("FUGONG_KEPT_UNTIL")

# Nobody is mailed but those to whom the head of the audit goes (``audit.outside``).
_MAIL = urlsplit(environment.text("FUGONG_SMTP", "smtp://localhost"))
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or {"smtps": 465, "starttls": 587}.get(_MAIL.scheme, 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.scheme == "smtps", _MAIL.scheme == "starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("FUGONG_MAIL_FROM", "fugong@localhost")

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_TZ = True
TIME_ZONE = environment.text("FUGONG_TIME_ZONE", "Asia/Shanghai")

# Where people's phones reach this installation: links in notices begin with it; empty where they don't reach it.
FUGONG_ADDRESS = environment.text("FUGONG_ADDRESS", "").rstrip("/")
# A notice to more people than this, and any to the whole town, takes a second person (``notices``).
FUGONG_NOTICE_LIMIT = environment.whole("FUGONG_NOTICE_LIMIT", 5_000)

STATIC_URL = "/static/"
STATIC_ROOT = environment.data_folder() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Hashed names are cached for good, and every file has a compressed copy; `fugong up` collects them.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
