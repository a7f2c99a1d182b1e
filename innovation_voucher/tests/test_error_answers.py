"""Refusals on the way through the middleware: which page, which status, what the log keeps."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.handlers.exception import response_for_exception
from django.db import InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory

from innovation_voucher import context, views
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.messaging import TooOften
from innovation_voucher.casework.web import Viewer
from innovation_voucher.middleware import Refusals, security_headers
from innovation_voucher.tests import cast


def request_for(path: str = "/", **extra: Any) -> HttpRequest:
    request = RequestFactory().get(path, **extra)
    request.user = AnonymousUser()
    request.session = {}  # type: ignore[assignment]
    request.viewer = Viewer(request)  # type: ignore[attr-defined]
    return request


def answer(error: Exception) -> HttpResponseBase | None:
    return Refusals(lambda request: HttpResponse()).process_exception(request_for(), error)


def text(response: Any) -> str:
    return str(response.content.decode())


class TooHeavy(Exception):  # noqa: N818  says what happened
    """An exception of some app that names its own page."""

    status_code = 413


# --- Exceptions that name their page --------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (NotAllowed("只有本局人员可以办理。"), 403, "只有本局人员可以办理。"),
        (Stale("此件已办结。"), 409, "此件已办结。"),
        (Refused("额度不足，先申领额度。"), 409, "额度不足，先申领额度。"),
        (TooOften("一小时后再试。"), 429, "一小时后再试。"),
        (TooHeavy(), 413, "413"),
    ],
)
def test_a_refusal_gets_the_page_of_its_status_with_its_reason(error: Exception, status: int, heading: str) -> None:
    response = answer(error)
    assert response is not None
    assert response.status_code == status
    page = text(response)
    assert page.count("<h1") == 1
    if status != 413:
        assert heading in page


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), ProgrammingError("x"), InterfaceError("x")])
def test_what_is_no_refusal_is_left_to_the_error_page(error: Exception) -> None:
    assert answer(error) is None


def test_the_words_of_a_refusal_are_shown_as_text() -> None:
    page = text(answer(Stale("<script>alert(1)</script>")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_while_the_database_is_away_the_page_asks_to_come_again(caplog: pytest.LogCaptureFixture) -> None:
    response = answer(OperationalError("server closed the connection"))
    assert response is not None
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "server closed" not in text(response)
    assert "unavailable: GET /: server closed the connection" in caplog.text


# --- Pages of Django's own handlers ---------------------------------------------------------


def test_a_server_error_is_found_again_by_its_number(caplog: pytest.LogCaptureFixture) -> None:
    request = request_for("/ent/orders/7/?secret=1")
    with caplog.at_level(logging.ERROR):
        page = text(views.server_error(request))
    number = re.search(r"E-[0-9A-F]{8}", page)
    assert number is not None
    assert f"{number[0]} GET /ent/orders/7/" in caplog.text
    assert "secret" not in caplog.text
    assert number[0] not in text(views.server_error(request))


@pytest.mark.parametrize(
    ("error", "status"),
    [(RequestDataTooBig(), 413), (TooManyFilesSent(), 413), (TooManyFieldsSent(), 400), (None, 400)],
)
def test_a_request_that_is_too_large_is_told_so(error: Exception | None, status: int) -> None:
    assert views.bad_request(request_for(), error).status_code == status


def test_an_expired_form_is_a_403_that_logs_why(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        response = views.csrf_failure(request_for(), "CSRF cookie not set.")
    assert response.status_code == 403
    assert "页面已过期" in text(response)
    assert "CSRF cookie not set." in caplog.text


@pytest.mark.django_db
def test_a_post_without_the_token_of_the_page_is_refused_with_our_page() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.make_user())
    response = client.post("/inbox/read/")
    assert response.status_code == 403
    assert "页面已过期" in text(response)


@pytest.mark.django_db
def test_an_error_in_a_view_reaches_the_reader_as_the_numbered_page() -> None:
    request = request_for()
    response = response_for_exception(request, ZeroDivisionError())
    assert response.status_code == 500
    assert re.search(r"E-[0-9A-F]{8}", text(response))


@pytest.mark.parametrize("page", [views.not_found, views.forbidden, views.conflict, views.too_many, views.too_large])
def test_without_a_reason_a_page_has_a_sentence_of_its_own(page: Callable[..., HttpResponse]) -> None:
    html = text(page(request_for(), None))
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    assert heading is not None
    assert heading[1].strip()
    assert "None" not in heading[1]


# --- Null characters ------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/?q=%00", "/services/?q=a%00b", "/nowhere%00/", "/?%00=1"])
def test_a_null_character_in_an_address_is_a_bad_request(client: Client, url: str) -> None:
    response = client.get(url)
    assert response.status_code == 400
    assert text(response).count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/?q=%2500", "/?q=0", "/?q=%E5%88%B8"])
def test_what_only_looks_like_one_is_none(client: Client, url: str) -> None:
    assert client.get(url).status_code == 200


# --- Headers --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/x/", "/administration/", "/ADMIN/", "/x/admin/"])
def test_inline_style_is_for_pages_below_admin_alone(path: str) -> None:
    response = security_headers(lambda request: HttpResponse())(request_for(path))
    assert hasattr(response, "_csp_update") is path.startswith("/admin/")


def test_headers_that_a_view_sets_itself_are_kept() -> None:
    own = HttpResponse(headers={"Cache-Control": "private, max-age=5", "Permissions-Policy": "camera=(self)"})
    request = request_for()
    request.user = cast.User(pk=1)
    response = security_headers(lambda request: own)(request)
    assert response["Cache-Control"] == "private, max-age=5"
    assert response["Permissions-Policy"] == "camera=(self)"


def test_a_request_without_a_reader_gets_its_headers_too() -> None:
    response = security_headers(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert "camera=()" in response["Permissions-Policy"]
    assert "Cache-Control" not in response


# --- What every page knows ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cookies", "large"), [({}, False), ({"elder": "1"}, True), ({"elder": "0"}, False), ({"elder": "yes"}, False)]
)
def test_large_text_is_on_for_the_one_value_that_we_set(cookies: dict[str, str], large: bool) -> None:
    request = request_for()
    request.COOKIES.update(cookies)
    assert context.portal(request)["elder_mode"] is large


@pytest.mark.django_db
def test_a_stranger_has_no_unread_messages_and_costs_no_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        known = context.portal(request_for())
        assert str(known["unread"]) == "0"
        assert known["side_menu"] == []


def test_a_page_without_a_reader_still_knows_the_portal(settings: Any) -> None:
    settings.PORTAL_NAME = "甲省创新券"
    known = context.portal(RequestFactory().get("/"))
    assert (known["viewer"], known["portal"]["name"], str(known["unread"])) == (None, "甲省创新券", "0")
