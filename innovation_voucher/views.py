"""Pages for what went wrong: one template per status in templates/errors/."""

import logging
import secrets

from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from innovation_voucher import context

logger = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int, exception: Exception | None = None) -> HttpResponse:
    """The page of this status; `reason` is what the exception says to the reader."""
    reason = getattr(exception, "message", None) or (exception.args[0] if exception and exception.args else "")
    return render(request, f"errors/{status}.html", {"reason": reason}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or cookies switched off."""
    logger.info("csrf: %s", reason)
    return render(request, "errors/403.html", {"csrf": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django passes it
    return _page(request, 404)


def conflict(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 409, exception)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 413, exception)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 429, exception)


def _without_database(status: int, number: str = "") -> HttpResponse:
    """Rendered without the request, since its user and session come from the database."""
    page = loader.render_to_string(f"errors/{status}.html", {**context.facts(), "number": number})
    return HttpResponse(page, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """Names a number that stands in the log as well, for the call to the hotline."""
    number = f"E-{secrets.token_hex(4).upper()}"
    logger.error("%s %s %s", number, request.method, request.path)
    return _without_database(500, number)


def unavailable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    logger.error("unavailable: %s %s: %s", request.method, request.path, exception)
    response = _without_database(503)
    response["Retry-After"] = "30"
    return response


REFUSALS = {403: forbidden, 409: conflict, 413: too_large, 429: too_many}
