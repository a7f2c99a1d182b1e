"""Who sees which menu, and which entry is marked."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import path

from innovation_voucher import menus, views

urlpatterns = [
    path("", views.front_page, name="home"),
    path("services/", views.front_page, name="services"),
    path("services/lab/", views.front_page, name="map"),
    path("inbox/", views.front_page, name="inbox"),
]


def request(path_: str, audience: str = "", kind: str = "") -> HttpRequest:
    made = RequestFactory().get(path_)
    if audience:
        made.viewer = SimpleNamespace(audience=audience, office=SimpleNamespace(kind=kind))  # type: ignore[attr-defined]
    return made


def current(made: HttpRequest) -> list[str]:
    return [str(item.label) for item in menus.main_menu(made) if item.current]


@pytest.mark.urls(__name__)
def test_pages_that_do_not_exist_are_left_out() -> None:
    assert [item.url for item in menus.main_menu(request("/"))] == ["/", "/services/", "/services/lab/"]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "marked"),
    [
        ("/", ["首页"]),
        ("/services/", ["找服务"]),
        ("/services/123/", ["找服务"]),
        ("/services/lab/7/", ["创新地图"]),
        ("/elsewhere/", []),
    ],
)
def test_the_deepest_entry_that_holds_the_page_is_marked(address: str, marked: list[str]) -> None:
    assert current(request(address)) == marked


@pytest.mark.parametrize(
    ("audience", "kind", "name"),
    [
        ("", "", "public"),
        ("public", "", "public"),
        ("enterprise", "", "enterprise"),
        ("carrier", "", "carrier"),
        ("office", "bureau", "bureau"),
        ("office", "agency", "agency"),
        ("office", "third_party", "third_party"),
        ("office", "centre", "centre"),
        ("office", "platform", "bureau"),
        ("admin", "", "public"),
        ("martian", "", "public"),
    ],
)
def test_each_audience_has_its_menu(audience: str, kind: str, name: str) -> None:
    assert menus.menu_name(request("/", audience, kind)) == name


@pytest.mark.urls(__name__)
def test_messages_carry_the_count_of_unread_ones() -> None:
    items = menus.main_menu(request("/", "enterprise"))
    assert [item.url for item in items if item.counts_unread] == ["/inbox/"]


@pytest.mark.parametrize("audience", ["public", "office"])
def test_only_enterprises_and_carriers_have_a_side_menu(audience: str) -> None:
    assert menus.side_menu(request("/", audience, "bureau")) == []
