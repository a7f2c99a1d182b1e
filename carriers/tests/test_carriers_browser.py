"""The catalogue and the workbench in a real browser: accessible, narrow enough, complete without scripts."""

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from carriers.models import Carrier, CarrierRecognition, Service
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.browser import browser, follow, page, plain, sign_in, visit

from .factories import category, make_instrument, make_recognition, make_service

__all__ = ["browser", "page", "plain"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def shop(carrier: Carrier, county: Region) -> Carrier:
    """A recognized carrier with offers of both kinds, a few of them without everything."""
    make_recognition(carrier, county)
    make_instrument(carrier, location="一号楼 102")
    make_service(carrier, price=None, working_days=None, description="")
    make_service(carrier, "盐雾试验", category=category("010201"), stars_total=9, stars_count=2, finished_orders=5)
    return carrier


def test_the_catalogue_meets_the_bars(page: Page, live_server: LiveServer, shop: Carrier) -> None:
    service, instrument = shop.services.first(), shop.instruments.get()
    assert service is not None
    paths = ["/services/", "/instruments/", f"/services/?cat=01&region=330000&max=5000&q={'成分'}", "/services/?q=量子"]
    paths += [f"/services/{service.number}/", f"/instruments/{instrument.number}/", f"/carriers/{shop.number}/"]
    for path in paths:
        visit(page, live_server.url + path)
    visit(page, f"{live_server.url}/services/?min=贵", status=422)


def test_the_workbench_meets_the_bars(page: Page, live_server: LiveServer, shop: Carrier, owner: User) -> None:
    cast.make_office("bureau", cast.OTHER_COUNTY)
    row = CarrierRecognition.objects.get()
    sign_in(page, live_server.url, owner)
    paths = ["", "profile/", "cert/", "cert/apply/", f"cert/{row.number}/", "items/", "items/instruments/new/"]
    for path in (*paths, f"items/services/{shop.services.all()[0].number}/listing/"):
        visit(page, f"{live_server.url}/carrier/{path}")


def test_the_catalogue_is_narrowed_without_scripts(plain: Page, live_server: LiveServer, shop: Carrier) -> None:
    plain.goto(f"{live_server.url}/services/")
    plain.locator("main input[type=search][name=q]").fill("盐雾")
    follow(plain, plain.locator("main form[role=search] button"))
    assert plain.locator(".result").count() == 1
    follow(plain, plain.locator(".result h3 a"))
    assert plain.locator("h1").inner_text() == "盐雾试验"


def test_an_offer_is_made_without_scripts(plain: Page, live_server: LiveServer, carrier: Carrier, owner: User) -> None:
    sign_in(plain, live_server.url, owner)
    plain.goto(f"{live_server.url}/carrier/items/services/new/")
    plain.locator("[name=title]").fill("盐雾试验")
    plain.locator("[name=price]").fill("1，900 元")
    follow(plain, plain.locator("main form[method=post] button"))
    assert "选择类别" in plain.content()
    assert plain.locator("[name=price]").input_value() == "1，900 元"
    plain.locator("[name=category]").select_option(str(category("010201").pk))
    follow(plain, plain.locator("main form[method=post] button"))
    assert "已保存：盐雾试验" in plain.content()
    assert Service.objects.get().price == 1900
