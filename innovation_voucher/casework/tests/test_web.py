"""Who reads a page, in which role; how a refusal reaches the page."""

from typing import Any

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from innovation_voucher.casework import audit, web
from innovation_voucher.casework.errors import NotAllowed, Refused, Stale
from innovation_voucher.casework.models import Office
from innovation_voucher.casework.rules import require
from innovation_voucher.tests import cast


def viewer(user: Any, **session: str) -> web.Viewer:
    request = RequestFactory().get("/")
    request.user = user
    request.session = session  # type: ignore[assignment]
    return web.Viewer(request)


@pytest.fixture
def second_role(monkeypatch: pytest.MonkeyPatch) -> None:
    role = web.Role("enterprise", "organization:1", "云帆有限公司", organization="云帆有限公司")
    monkeypatch.setattr(web, "_resolvers", [lambda user: [role]])


@pytest.mark.django_db
def test_a_stranger_is_the_public_and_costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    reader = viewer(AnonymousUser())
    with django_assert_num_queries(0):
        assert (reader.audience, reader.office, reader.offices, reader.has_choice) == ("public", None, [], False)
        assert reader.reach == {}


@pytest.mark.django_db
@pytest.mark.feature("X-1")
def test_an_officer_acts_for_the_office_until_another_role_is_chosen(second_role: None) -> None:
    officer = cast.make_officer()
    office = Office.objects.get(group__user=officer)
    assert (viewer(officer).audience, viewer(officer).office) == ("office", office)
    assert [role.key for role in viewer(officer).roles] == [f"office:{office.pk}", "organization:1"]
    chosen = viewer(officer, role="organization:1")
    assert (chosen.audience, chosen.organization, chosen.office) == ("enterprise", "云帆有限公司", None)
    assert chosen.has_choice
    assert viewer(officer, role="organization:2").audience == "office"


@pytest.mark.django_db
def test_staff_without_an_office_is_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_resolvers", [])
    assert viewer(cast.make_user(is_staff=True)).audience == "admin"
    assert viewer(cast.make_user()).audience == "public"


class TrialForm(forms.Form):
    name = forms.CharField()


def test_a_refusal_becomes_an_error_of_the_form() -> None:
    form = TrialForm({"name": "x"})
    assert form.is_valid()
    with web.refusal(form, "name"):
        require((False, "名称已被使用，换一个"))
    assert form.errors == {"name": ["名称已被使用，换一个"]}


@pytest.mark.parametrize(("error", "status"), [(NotAllowed, 403), (Stale, 409)])
def test_who_may_not_or_comes_too_late_gets_a_page(error: type[Refused], status: int) -> None:
    with pytest.raises(error) as caught, web.refusal(TrialForm({})):
        raise error("不行")
    assert (caught.value.status_code, str(caught.value)) == (status, "不行")


@pytest.mark.django_db
def test_one_getter_answers_both_refusals() -> None:
    office = cast.make_office()
    offices = Office.objects.all()
    assert web.get_or_404_403(offices, seen=lambda o: True, pk=office.pk) == office
    with pytest.raises(Http404):
        web.get_or_404_403(offices, seen=lambda o: False, pk=office.pk)
    with pytest.raises(Http404):
        web.get_or_404_403(offices, seen=lambda o: True, pk=0)
    with pytest.raises(NotAllowed, match="由他人办理"):
        web.get_or_404_403(offices, seen=lambda o: True, allowed=lambda o: (False, "由他人办理"), pk=office.pk)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "203.0.113.4, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.4, 198.51.100.9", "203.0.113.4"),
        (2, "198.51.100.9", "192.0.2.1"),
        (1, "<script>", ""),
    ],
)
def test_only_trusted_proxies_name_the_client(settings: Settings, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert web.client_address(request) == expected


def test_the_address_reaches_the_record_and_is_forgotten() -> None:
    seen = []

    def page(request: Any) -> HttpResponse:
        seen.append((audit.address.get(), web.viewer_of(request).audience if request.user else ""))
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    request.user = AnonymousUser()
    web.ViewerMiddleware(page)(request)
    assert seen == [("192.0.2.1", "public")]
    assert audit.address.get() == ""


@pytest.mark.django_db
def test_choosing_a_role_asks_for_a_sign_in(client: Client) -> None:
    assert "/accounts/login/" in client.get("/role/").url  # type: ignore[attr-defined]
