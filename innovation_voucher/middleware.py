"""Headers for every answer, and pages for refusals that Django has no handler for."""

from collections.abc import Callable

from csp.constants import UNSAFE_INLINE
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase

from innovation_voucher import views

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Nothing of the browser's devices but the camera, and that on the scan page only.
_DENIED_FEATURES = "microphone=(), geolocation=(), payment=(), usb=()"


def security_headers(get_response: GetResponse) -> GetResponse:
    """Permissions-Policy, no caching of pages behind a sign-in, inline style in /admin/ alone.

    A view that needs the camera sets `response.camera = True`.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        camera = "(self)" if getattr(response, "camera", False) else "()"
        response.headers.setdefault("Permissions-Policy", f"camera={camera}, {_DENIED_FEATURES}")
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith("/admin/"):
            # Django's own admin pages carry inline styles; scripts stay strict there too.
            setattr(response, "_csp_update", {"style-src": [UNSAFE_INLINE]})  # noqa: B010 - django-csp reads it
        return response

    return middleware


class Refusals:
    """Answers 503 while the database is away, 400 to a null character; an exception may name its own page.

    No browser sends a null character, and no text column of PostgreSQL holds one.

    An exception class of a lower floor that stands for a refusal carries `status_code`
    (409 somebody else was first, 413 too large, 429 too often).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return views.bad_request(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, OperationalError):
            return views.unavailable(request, exception)
        page = views.REFUSALS.get(getattr(exception, "status_code", 0))
        return page(request, exception) if page else None
