"""The settings with which the storm collects the static files: under the same names, but not compressed."""

from innovation_voucher import settings
from innovation_voucher.settings import *  # noqa: F403

STORAGES = {
    **settings.STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}
