"""All settings, read from the environment; a missing or malformed value stops the start.

Three ways to run, told apart by what the environment holds:
- embedded: no DATABASE_URL; SQLite, no Redis, secrets made once under var/, demo data;
- real: DATABASE_URL (application role), MIGRATE_DATABASE_URL (owner), REDIS_URL, SECRET_KEY;
- tests: pytest sets PYTEST_VERSION for itself and for the processes that it starts.
deploy/portal.env.example lists every variable.
"""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from innovation_voucher import keyfiles

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
TESTING = "PYTEST_VERSION" in os.environ
if TESTING:
    if not (BASE_DIR / ".services/env").exists() and "DATABASE_URL" not in os.environ:
        raise ImproperlyConfigured("The tests need PostgreSQL and Redis: run 'bash deploy/services.sh start' first.")
    env.read_env(BASE_DIR / ".services/env")
else:
    env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
EMBEDDED = not TESTING and "DATABASE_URL" not in os.environ
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def _secret(name: str, file_name: str, make: Any) -> str:
    """The variable; in embedded mode the file under var/; in tests and debug a fresh value."""
    if EMBEDDED and name not in os.environ:
        return keyfiles.generated(VAR_DIR / file_name, make)
    value: str = env.str(name, default=make()) if TESTING or DEBUG else env.str(name)
    return value


def _keys(name: str, file_name: str) -> dict[str, bytes]:
    try:
        return keyfiles.parse(_secret(name, file_name, keyfiles.new_key))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error


# --- What is ours -----------------------------------------------------------------------

SECRET_KEY = _secret("SECRET_KEY", "secret.key", lambda: secrets.token_urlsafe(50))
# kid -> key, the current one first; older ones only read (field encryption, QR signatures).
FIELD_KEYS = _keys("FIELD_KEYS", "field.keys")
QR_KEYS = _keys("QR_KEYS", "qr.keys")

# Demo data, passwords shown on the sign-in page; `check --deploy` refuses it.
DEMO_MODE = env.bool("DEMO_MODE", default=EMBEDDED)
PORT = env.int("PORT", default=8000)
BASE_URL = env.str("BASE_URL", default=f"http://localhost:{PORT}").rstrip("/")

# Shifts the business date by so many seconds, so that the storm can live through a year end.
CLOCK_OFFSET = timedelta(seconds=env.int("CLOCK_OFFSET", default=0))
if CLOCK_OFFSET and urlsplit(BASE_URL).hostname not in {"localhost", "127.0.0.1"}:
    raise ImproperlyConfigured(
        "CLOCK_OFFSET is for proofs on localhost; a portal with a public address keeps the time."
    )

PORTAL_NAME = env.str("PORTAL_NAME", default="科技创新券平台")
PORTAL_OWNER = env.str("PORTAL_OWNER", default="科学技术厅")
PORTAL_HOTLINE = env.str("PORTAL_HOTLINE", default="12345")
PORTAL_HOURS = env.str("PORTAL_HOURS", default="工作日 9:00–11:30，13:30–17:00")
PORTAL_RECORD_NUMBER = env.str("PORTAL_RECORD_NUMBER", default="")

SMS_GATEWAY = env.str("SMS_GATEWAY", default="file" if EMBEDDED else "console")
SMS_HTTP_URL = env.str("SMS_HTTP_URL", default="")
if SMS_GATEWAY not in {"console", "file", "http"}:
    raise ImproperlyConfigured("SMS_GATEWAY is console, file or http.")
if SMS_GATEWAY == "http" and not SMS_HTTP_URL:
    raise ImproperlyConfigured("SMS_GATEWAY=http needs SMS_HTTP_URL.")

# Tile source of the map page, as {s}/{z}/{x}/{y} template; empty shows polygons only.
MAP_TILE_URL = env.str("MAP_TILE_URL", default="")
# Whom the tiles are credited to, and the 审图号 of an approved layer; both stand below the map.
MAP_CREDIT = env.str("MAP_CREDIT", default="")
MAP_APPROVAL = env.str("MAP_APPROVAL", default="")
# How many reverse proxies stand before the application and may set X-Forwarded-For.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- Applications -----------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours first, so that our templates and commands win.
    "innovation_voucher",
    "redemption",
    "orders",
    "vouchers",
    "carriers",
    "accounts",
    "innovation_voucher.casework",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "innovation_voucher.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "innovation_voucher.casework.web.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "innovation_voucher.middleware.Refusals",
]

ROOT_URLCONF = "innovation_voucher.urls"
WSGI_APPLICATION = "innovation_voucher.wsgi.application"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "innovation_voucher.context.portal",
            ],
        },
    }
]
FORM_RENDERER = "innovation_voucher.forms.PortalFormRenderer"

# --- Data -------------------------------------------------------------------------------

_SQLITE_OPTIONS = {
    # Takes the write lock at BEGIN: no "database is locked" in the middle of a transaction.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def _database() -> dict[str, Any]:
    owner = env.bool("DATABASE_AS_OWNER", default=False) and "MIGRATE_DATABASE_URL" in os.environ
    config: dict[str, Any] = env.db_url(
        "MIGRATE_DATABASE_URL" if owner else "DATABASE_URL",
        default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}",
    )
    suffix = env.str("TEST_DB_SUFFIX", default="")
    test_name = "test_portal" + (f"_{suffix}" if suffix else "")
    if config["ENGINE"].endswith("sqlite3"):
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        # A file, since threads would not wait for each other on a database in memory.
        test_name = str(VAR_DIR / f"{test_name}.sqlite3")
        config["OPTIONS"] = {**_SQLITE_OPTIONS, **config.get("OPTIONS", {})}
    else:
        config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0 if TESTING else 60)
        config["CONN_HEALTH_CHECKS"] = True
    config["TEST"] = {"NAME": test_name}
    return config


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The role to which `migrate` grants rows but no schema; empty: the owner runs everything.
DATABASE_APP_ROLE = env.str(
    "DATABASE_APP_ROLE",
    default=(urlsplit(env.str("DATABASE_URL")).username or "") if "MIGRATE_DATABASE_URL" in os.environ else "",
)

REDIS_URL = env.str("REDIS_URL", default="")


def _cache() -> dict[str, Any]:
    if TESTING:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if REDIS_URL:
        return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    # Rate limits must be shared among processes, so never memory of one process.
    return {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}


CACHES = {"default": _cache()}

# Private files; no URL serves this folder, every download is a view that asks for the right.
MEDIA_ROOT = VAR_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str((VAR_DIR if EMBEDDED else BASE_DIR) / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if TESTING or DEBUG or EMBEDDED
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": _STATIC_STORAGE,
        # Public, unlike uploads: the proxy reads them under its own user.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
# Without collectstatic the files come from where they lie, under their plain names.
WHITENOISE_USE_FINDERS = TESTING or DEBUG or EMBEDDED
WHITENOISE_AUTOREFRESH = TESTING or DEBUG
if EMBEDDED:
    # whitenoise warns of a folder that is not there.
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
# The fonts are for documents made here, no browser fetches them; to squeeze them takes minutes.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "ttf")
# For plain names; hashed ones never change and are kept for years.
WHITENOISE_MAX_AGE = 60

# --- Sign-in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_VALIDATORS = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {
        "NAME": _VALIDATORS + "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": _VALIDATORS + "MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": _VALIDATORS + "CommonPasswordValidator"},
    {"NAME": _VALIDATORS + "NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.signin.PasswordSignInForm",
    "change_password": "accounts.forms.signin.ChangePassword",
    "set_password": "accounts.forms.signin.SetPassword",
    "reset_password_from_key": "accounts.forms.signin.NewPasswordByCode",
}
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
# Phones are proved before an account exists; mail addresses are for notices only.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_SESSION_REMEMBER = False
# All but the first are our own: public look-ups and objections, and the interface for other platforms.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,10/15m/key",
    "quota_lookup": "5/h/ip,20/d/key",
    "api_door": "30/m/ip",
    "api_call": "120/m/key",
    "objection": "10/h/ip",
    "objection_answer": "20/10m/ip",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = PORTAL_NAME

# Guardian's own "anonymous" account would be a user without a person.
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False

# --- Headers, cookies -------------------------------------------------------------------

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[str(urlsplit(BASE_URL).hostname), "localhost", "127.0.0.1", "[::1]"])
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL] if SECURE else [])
CSRF_FAILURE_VIEW = "innovation_voucher.views.csrf_failure"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_HTTPONLY = True
# Lax, not Strict: a voucher's link opened from a chat or a scanner must find the session.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SECURE else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=SECURE)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=SECURE)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"


def _tile_origin() -> list[str]:
    """Origin of the map tiles; a sub-domain with {s} becomes a wildcard."""
    url = urlsplit(MAP_TILE_URL)
    if not url.hostname:
        return []
    first, _dot, rest = url.netloc.partition(".")
    return [f"{url.scheme}://{'*.' + rest if '{' in first else url.netloc}"]


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *_tile_origin()],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Language, time ---------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("英文"))]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- Messages, tasks, log ---------------------------------------------------------------

if EMBEDDED:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"
else:
    vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="noreply@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
ADMINS = [("", address) for address in env.list("ADMIN_EMAILS", default=[])]

# Celery names a Redis on a unix socket by a scheme of its own.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        # Twice the longest task: a task of a killed worker comes back after this many seconds.
        "visibility_timeout": 1200,
        # kombu otherwise looks for such tasks only at every tenth interval of ten seconds.
        "unacked_restore_throttle": 1,
    }
    if REDIS_URL
    else {}
)
CELERY_TIMEZONE = TIME_ZONE

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # repr() of the message keeps a line break in a name from forging a second line.
        "line": {"()": "innovation_voucher.logs.LineFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["console"], "level": LOG_LEVEL, "propagate": False},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
