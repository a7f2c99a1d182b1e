"""What every page knows about the installation and its reader."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from innovation_voucher import menus
from innovation_voucher.casework import messaging

ELDER_COOKIE = "elder"


def facts() -> dict[str, Any]:
    """Names and switches from the settings; asks no database, so error pages may use it."""
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "portal": {
            "name": settings.PORTAL_NAME,
            "owner": settings.PORTAL_OWNER,
            "hotline": settings.PORTAL_HOTLINE,
            "hours": settings.PORTAL_HOURS,
            "record_number": settings.PORTAL_RECORD_NUMBER,
            "demo": settings.DEMO_MODE,
        },
        # Apple picks Chinese glyphs by zh-CN, not by the name Django gives the language.
        "html_lang": "zh-CN" if language.startswith("zh") else language,
    }


def portal(request: HttpRequest) -> dict[str, Any]:
    """Facts, the reader and the menus; everything that asks the database waits until used."""
    return {
        **facts(),
        "viewer": getattr(request, "viewer", None),
        "elder_mode": request.COOKIES.get(ELDER_COOKIE) == "1",
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "main_menu": SimpleLazyObject(lambda: menus.main_menu(request)),
        "side_menu": SimpleLazyObject(lambda: menus.side_menu(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    return messaging.unread_count(user) if user is not None and user.is_authenticated else 0
