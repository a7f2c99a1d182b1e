"""Headers of every answer."""

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from innovation_voucher.middleware import security_headers

STRICT = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "manifest-src 'self'",
}


def policy(response: HttpResponse) -> set[str]:
    return {part.strip() for part in response["Content-Security-Policy"].split(";")}


def test_the_policy_is_strict(client: Client) -> None:
    assert policy(client.get("/healthz")) == STRICT


@pytest.mark.django_db
def test_admin_alone_may_style_inline(client: Client) -> None:
    relaxed = STRICT - {"style-src 'self'"} | {"style-src 'self' 'unsafe-inline'"}
    assert policy(client.get("/admin/login/")) == relaxed
    assert policy(client.get("/administration/")) == STRICT


def test_other_headers(client: Client) -> None:
    response = client.get("/healthz")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=(), microphone=()")


def test_a_view_may_ask_for_the_camera() -> None:
    def scan(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.camera = True
        return response

    response = security_headers(scan)(RequestFactory().get("/"))
    assert response.headers["Permissions-Policy"].startswith("camera=(self), ")


@pytest.mark.django_db
def test_pages_behind_a_sign_in_are_not_kept(client: Client) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    request = RequestFactory().get("/")
    assert "Cache-Control" not in security_headers(page)(request).headers
    request.user = get_user_model()()
    assert security_headers(page)(request).headers["Cache-Control"] == "no-store"
