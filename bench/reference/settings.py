"""The usual middleware and a signed-in user; nothing of the portal."""

import environ

SECRET_KEY = "only for measurements on this machine"
DATABASES = {"default": {**environ.Env().db_url("DATABASE_URL"), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "bench.reference.views"
INSTALLED_APPS = [
    "bench.reference",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
    }
]
# The names that the client of the storm uses.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
