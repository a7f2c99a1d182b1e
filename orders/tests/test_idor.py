"""Every address of an order, tried by everybody whose it is not: nothing is shown, nothing changes."""

from copy import deepcopy
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from carriers.tests.factories import make_carrier
from innovation_voucher.casework import attachments, calendar
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from orders import urls
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, voucher_of
from orders.tests.watch import nothing_changes

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7", "ZO-8", "ZO-9", "ZO-12")]

RIGHTS = tuple(codename for codename, _words in Region._meta.permissions)
NAMES = {pattern.name for pattern in urls.urlpatterns if pattern.name}
#: Addresses that name no order: lists, searches and forms of one's own.
OWN = {
    "ent-cart",
    "ent-cart-add",
    "ent-cart-quantity",
    "ent-cart-remove",
    "ent-quick",
    "order-missing",
    "order-phone",
    "ent-orders",
    "ent-reviews",
    "ent-use-offline",
    "carrier-bookings",
    "carrier-reviews",
    "carrier-scan",
    "carrier-scan-photo",
    "carrier-vouchers",
    "verify-form",
    "verify",
    "verify-receive",
    "verify-return",
    "order-new",
    "order-check",
}
BOTH_SIDES = {"ent-order-contract-template"}
#: The carrier's, although named after the order.
QUOTE = {"order-quote"}
ENTERPRISE = {name for name in NAMES - OWN - BOTH_SIDES - QUOTE if name.startswith(("ent-", "order-"))}
#: The bureau's, of which `test_desk_pages` walks every one.
DESK = {name for name in NAMES if name.startswith("desk-")}
CARRIER = QUOTE | {name for name in NAMES - OWN if name.startswith("carrier-")}
POST: dict[str, Any] = {
    "text": "你好",
    "reason": "说明原因",
    "amount": "1",
    "result": "合格",
    "stars": "1",
    "promise": "on",
    "contract_amount": "1,000",
}


@pytest.fixture(scope="module")
def made(built: World) -> dict[str, Order]:
    return {state: make_order(built, state) for state in ("placed", "contract", "completed")}


@pytest.fixture(scope="module")
def signed_in(built: World) -> dict[str, Client]:
    return {
        "rival": client_of(cast.owner_of(cast.rival())),
        "other carrier": client_of(cast.owner_of(make_carrier().organization)),
        "officer": client_of(cast.make_officer(cast.COUNTY, *RIGHTS)),
        "officer elsewhere": client_of(cast.make_officer(cast.OTHER_COUNTY, *RIGHTS)),
        "technician": client_of(cast.make_user(is_superuser=True, is_staff=True)),
    }


@pytest.fixture
def people(world: World, signed_in: dict[str, Client]) -> dict[str, Client]:
    """Whoever has signed in and is of neither side."""
    return deepcopy(signed_in)


def address(name: str, order: Any) -> str:
    """The address with the order's number, and with a file's token where it names a file."""
    more = [attachments.files(order)[0].token] if name == "ent-order-file-remove" else []
    return reverse(name, args=[order.number, *more])


def answers(client: Client, path: str) -> list[int]:
    """Status of looking and of acting; 405 is no answer of the order itself."""
    day = str(calendar.today())
    post = {**POST, "_token": new_token(), "promised_on": day, "delivered_on": day, "contract_date": day}
    return [client.get(path).status_code, client.post(path, post).status_code]


def test_every_address_stands_in_one_of_the_groups() -> None:
    assert ENTERPRISE | CARRIER | OWN | BOTH_SIDES | DESK == NAMES
    assert len(ENTERPRISE) >= 12
    assert len(CARRIER) >= 6


@pytest.mark.parametrize("who", ["rival", "other carrier", "officer", "officer elsewhere", "technician"])
@pytest.mark.parametrize("state", ["placed", "contract", "completed"])
def test_nobody_else_opens_or_posts_to_any_address(
    world: World, orders: dict[str, Order], people: dict[str, Client], state: str, who: str
) -> None:
    order, client = orders[state], people[who]
    names = sorted(ENTERPRISE | CARRIER | BOTH_SIDES)
    if not attachments.files(order):
        names.remove("ent-order-file-remove")
    with nothing_changes():
        for name in names:
            assert set(answers(client, address(name, order))) <= {302, 403, 404, 405}, name
            shown = client.get(address(name, order), follow=True).content.decode()
            assert world.service.title not in shown, name


@pytest.mark.parametrize(("names", "side"), [(ENTERPRISE, "seller"), (CARRIER, "buyer")], ids=["carrier", "enterprise"])
def test_one_side_cannot_use_the_addresses_of_the_other(
    orders: dict[str, Order], request: pytest.FixtureRequest, names: set[str], side: str
) -> None:
    order, client = orders["contract"], request.getfixturevalue(side)
    with nothing_changes():
        for name in sorted(names):
            found = answers(client, address(name, order))
            assert set(found) <= {403, 404, 405}, (name, found)


def test_without_sign_in_every_address_asks_for_it(orders: dict[str, Order]) -> None:
    order = orders["contract"]
    with nothing_changes():
        for name in sorted(ENTERPRISE | CARRIER):
            response = Client().get(address(name, order))
            if response.status_code != 405:
                assert response["Location"].startswith("/accounts/login/"), name


def test_the_template_is_not_made_for_people_without_sign_in(world: World) -> None:
    order = make_order(world, "accepted")
    with nothing_changes():
        response = Client().get(address("ent-order-contract-template", order))
        assert response.status_code in (302, 403, 404)


@pytest.mark.parametrize("number", ["DD0", "1", "%00", "%F0%9F%8C%B3", "x" * 300, "'%20OR%201=1"])
def test_numbers_that_no_order_has_are_not_found(buyer: Client, number: str) -> None:
    assert buyer.get(f"/ent/orders/{number}/").status_code in (400, 404)


@pytest.mark.parametrize("code", ["%00", "x" * 300, "%F0%9F%8C%B3", "'%20OR%201=1", "7K3M9QTX2B8F"])
def test_codes_that_no_voucher_has_are_no_error(db: None, code: str) -> None:
    assert Client().get(f"/q/{code}/").status_code in (200, 400)


def test_acting_on_a_voucher_of_others_is_refused_before_its_form(world: World, people: dict[str, Client]) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    with nothing_changes():
        for who, client in people.items():
            for act in ("receive", "return"):
                assert client.post(f"/q/{voucher.code}/{act}/", {"_token": new_token()}).status_code == 403, who


def test_a_null_character_in_a_post_is_no_error(world: World, buyer: Client) -> None:
    with nothing_changes():
        response = buyer.post(reverse("ent-use-offline"), {"_token": new_token(), "service": "a\x00b"})
        assert response.status_code in (400, 404, 422)
