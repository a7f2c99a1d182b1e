"""The map in a real browser: shapes, clusters, popup, keyboard, and the list without any of it."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from carriers.models import Carrier
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, check, console, follow, page, plain, shot, visit

from .factories import make_carrier, make_recognition, make_service

__all__ = ["browser", "page", "plain"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shops(county: Region) -> list[Carrier]:
    """Three carriers, two of them at one place."""
    rows = []
    for name, x in (("启明实验室", 120.17), ("星野平台", 120.17), ("远岫研究院", 120.21)):
        carrier = make_carrier(name=name, longitude=x, latitude=30.19)
        make_recognition(carrier, county)
        make_service(carrier, f"{name}的盐雾试验")
        rows.append(carrier)
    return rows


@pytest.mark.feature("ZO-7", "ZJ-6")
def test_shapes_clusters_and_the_card(page: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    visit(page, f"{live_server.url}/map/?region={cast.COUNTY}")
    expect(page.locator("path.cty.on")).to_have_count(1)
    expect(page.locator(".bub")).to_have_text("2")
    page.locator(".mark").click()
    book = page.locator(".leaflet-popup .pop__offers a.more")
    expect(book).to_contain_text("立即预约")
    # It fades in; half seen, its words have no contrast.
    expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")
    check(page)
    shot(page, "map-card")
    follow(page, book)
    assert page.url.startswith(live_server.url)
    assert shops[2].services.get().number in page.url


@pytest.mark.feature("ZO-7")
def test_a_click_on_a_shape_narrows_list_and_map(page: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    visit(page, f"{live_server.url}/map/?q=盐雾&region={cast.OTHER_COUNTY}")
    assert page.locator(".places > li").count() == 0
    visit(page, f"{live_server.url}/map/?q=盐雾")
    page.locator("path.cty.q1").first.dispatch_event("click")
    page.wait_for_url(f"**region={cast.COUNTY}*")
    assert "q=" in page.url
    assert page.locator(".places > li").count() == 3


def test_the_keyboard_opens_a_card(page: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    visit(page, f"{live_server.url}/map/?region={cast.COUNTY}")
    page.locator(".mark").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup h3")).to_have_text("远岫研究院")
    assert console(page) == []


def test_the_list_shows_its_row_on_the_map(page: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    visit(page, f"{live_server.url}/map/")
    page.locator(f"[data-show='{shops[0].number}']").click()
    expect(page.locator(".leaflet-popup h3")).to_have_text("启明实验室")


def test_data_that_does_not_come_leaves_the_list(page: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    page.route("**/map/data/**", lambda route: route.abort())
    page.goto(f"{live_server.url}/map/")
    expect(page.locator("#map-error")).to_be_visible()
    assert page.locator(".places > li").count() == 3


@pytest.mark.feature("ZO-7")
def test_the_list_is_complete_without_scripts(plain: Page, live_server: LiveServer, shops: list[Carrier]) -> None:
    plain.goto(f"{live_server.url}/map/")
    assert plain.locator(".places > li").count() == 3
    plain.locator("#id_q").fill("启明")
    follow(plain, plain.locator("main form[role=search] button"))
    assert plain.locator(".places h3").all_inner_texts() == ["启明实验室"]
    follow(plain, plain.locator(".places .acts a", has_text="立即预约"))
    assert plain.locator(".mapview__card .pop__offers li").count() == 1
