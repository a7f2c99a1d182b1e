"""What every page knows about the installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def facts() -> dict[str, Any]:
    """Names and switches from the settings; asks no database, so error pages may use it."""
    return {
        "portal_name": settings.PORTAL_NAME,
        "portal_owner": settings.PORTAL_OWNER,
        "portal_hotline": settings.PORTAL_HOTLINE,
        "portal_hours": settings.PORTAL_HOURS,
        "portal_record_number": settings.PORTAL_RECORD_NUMBER,
        "demo_mode": settings.DEMO_MODE,
    }


def portal(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001 - signature of a context processor
    return facts()
