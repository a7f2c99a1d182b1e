"""The front page, the pages about the portal, switches of the reader, and refusals."""

import logging
import secrets

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import loader
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from innovation_voucher import context, home, styleguide

logger = logging.getLogger(__name__)

_YEAR = 365 * 24 * 3600


# --- Pages ----------------------------------------------------------------------------------


@require_GET
def front_page(request: HttpRequest) -> HttpResponse:
    """The front page of the portal."""
    return render(request, "home.html", home.sections())


@require_GET
def page(request: HttpRequest, name: str) -> HttpResponse:
    """A standing page about the portal: help, accessibility, privacy, terms, sitemap."""
    return render(request, f"pages/{name}.html", {"sitemap": home.sitemap(request)})


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with sample data, for people who build pages; not in real operation."""
    if not (settings.DEBUG or settings.DEMO_MODE):
        raise Http404
    return render(request, "pages/styleguide.html", styleguide.sample())


@require_POST
def elder_mode(request: HttpRequest) -> HttpResponse:
    """Switch the large text on or off and come back to the same page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
        target = "/"
    response = redirect(target)
    on = request.POST.get("on") == "1"
    response.set_cookie(
        context.ELDER_COOKIE,
        "1" if on else "0",
        max_age=_YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


# --- Refusals: one template per status in templates/errors/ ---------------------------------


def _page(request: HttpRequest, status: int, exception: Exception | None = None) -> HttpResponse:
    """The page of this status; `reason` is what the exception says to the reader."""
    reason = getattr(exception, "message", None) or (exception.args[0] if exception and exception.args else "")
    found = {"reason": reason, "result_url": getattr(exception, "url", "")}
    return render(request, f"errors/{status}.html", found, status=status)


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
