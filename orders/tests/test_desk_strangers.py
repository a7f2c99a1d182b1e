"""The bureau's pages of vouchers and enterprises, knocked at by whoever has no business there."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from carriers.tests.factories import make_carrier
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from vouchers.models import LedgerEntry, QuotaAccount, Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9", "X-6")]

Knock = Callable[[World, Voucher], str]
#: Pages that a bureau reads, by name.
PAGES: dict[str, Knock] = {
    "desk-vouchers": lambda _world, _voucher: reverse("desk-vouchers"),
    "desk-voucher": lambda _world, voucher: reverse("desk-voucher", args=[voucher.code]),
    "desk-enterprises": lambda _world, _voucher: reverse("desk-enterprises"),
    "desk-enterprise": lambda world, _voucher: reverse("desk-enterprise", args=[world.enterprise.credit_code]),
    "desk-voucher-terminate": lambda _world, voucher: reverse("desk-voucher-terminate", args=[voucher.code]),
}
#: Pages of one voucher or enterprise: outside the reader's region they do not exist.
OF_ONE = ("desk-voucher", "desk-enterprise", "desk-voucher-terminate")


@pytest.fixture(scope="module")
def made(built: World) -> Voucher:
    return voucher_of(make_order(built, "received"))


@pytest.fixture
def received(world: World, made: Voucher) -> Voucher:
    return deepcopy(made)


@pytest.fixture(scope="module")
def signed_in(built: World) -> dict[str, Client]:
    return {
        "holder": client_of(built.owner),
        "carrier": client_of(built.seller),
        "rival": client_of(cast.owner_of(cast.rival())),
        "other carrier": client_of(cast.owner_of(make_carrier().organization)),
    }


@pytest.fixture
def outsiders(world: World, signed_in: dict[str, Client]) -> dict[str, Client]:
    """Signed in, and of no office."""
    return deepcopy(signed_in)


def everything() -> list[Any]:
    """What no knock may change."""
    return [
        list(Voucher.objects.order_by("pk").values()),
        list(Order.objects.order_by("pk").values_list("pk", "status")),
        list(QuotaAccount.objects.order_by("pk").values()),
        LedgerEntry.objects.count(),
        AuditRow.objects.count(),
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_visitor_is_sent_to_sign_in(world: World, received: Voucher, name: str) -> None:
    address = PAGES[name](world, received)
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["holder", "carrier", "rival", "other carrier"])
def test_people_of_no_office_read_nothing(
    world: World, received: Voucher, outsiders: dict[str, Client], name: str, who: str
) -> None:
    response = outsiders[who].get(PAGES[name](world, received))
    assert response.status_code in (403, 404)
    assert received.service_title not in response.content.decode()


@pytest.mark.parametrize("who", ["holder", "carrier", "rival", "other carrier"])
def test_people_of_no_office_end_no_voucher(
    world: World, received: Voucher, outsiders: dict[str, Client], who: str
) -> None:
    client = outsiders[who]
    before = everything()
    answer = client.post(PAGES["desk-voucher-terminate"](world, received), {"_token": new_token(), "reason": "试试"})
    assert answer.status_code in (403, 404)
    assert everything() == before


@pytest.mark.parametrize("name", OF_ONE)
def test_beyond_its_region_an_office_finds_nothing(world: World, received: Voucher, name: str) -> None:
    officer = client_of(cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher", "view_cases"))
    before = everything()
    address = PAGES[name](world, received)
    assert officer.get(address).status_code == 404
    assert officer.post(address, {"_token": new_token(), "reason": "试试"}).status_code in (404, 405)
    assert everything() == before


@pytest.mark.parametrize("name", ["desk-vouchers", "desk-enterprises"])
def test_lists_hold_nothing_of_another_region(world: World, received: Voucher, name: str) -> None:
    there = client_of(cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher", "view_cases"))
    here = client_of(cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases"))
    address = PAGES[name](world, received)
    assert world.enterprise.name not in there.get(address).content.decode()
    assert world.enterprise.name in here.get(address).content.decode()


@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_not_there_looks_like_what_is_elsewhere(world: World, received: Voucher, name: str) -> None:
    officer = client_of(cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases"))
    key = "000000000000" if name != "desk-enterprise" else "91330108MAD999999X"
    assert officer.get(reverse(name, args=[key])).status_code == 404
    assert officer.get(PAGES[name](world, received)).status_code == 200


def test_the_office_itself_reads_what_others_do_not(world: World, received: Voucher) -> None:
    officer = client_of(cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases"))
    page = officer.get(PAGES["desk-voucher"](world, received)).content.decode()
    assert received.service_title in page
