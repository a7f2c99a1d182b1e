"""The lists of both sides against a plain model: every order stands in the tabs where it belongs."""

from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from innovation_voucher.tests import cast
from orders import services
from orders.listing import MINE, OVER, RUNNING, TALKING, tallies, with_shown
from orders.models import Order
from orders.tests.acts import STATES
from orders.tests.conftest import client_of
from orders.tests.factories import World, booking, make_order, make_world
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7", "ZO-8")]

#: State of `make_order`: tabs of the enterprise besides 全部.
TABS: dict[str, set[str]] = {
    "placed": {"talking"},
    "declined": {"over"},
    "cancelled": {"over"},
    "lapsed": {"over"},
    "accepted": {"mine", "talking"},
    "contract": {"mine", "talking"},
    "issued": {"talking"},
    "received": {"running"},
    "voided": {"mine", "talking"},
    "delivered": {"mine", "running"},
    "completed": {"mine", "done"},
    "reviewed": {"done"},
}
VIEWS = ("mine", "talking", "running", "done", "over")
#: States in which the carrier must act; its other tabs are the enterprise's.
CARRIERS_TURN = {"placed", "issued", "received"}


@pytest.fixture
def orders(db: None) -> tuple[World, dict[str, str]]:
    """One order in each state: number -> state."""
    world = make_world()
    return world, {make_order(world, state, contract=1_000).number: state for state in STATES}


def rows(client: Client, name: str, **query: str) -> set[str]:
    return {row.number for row in client.get(reverse(name), query).context["list"].rows}


def test_every_tab_of_the_enterprise_holds_what_the_model_says(orders: tuple[World, dict[str, str]]) -> None:
    world, made = orders
    client = client_of(world.owner)
    for view in VIEWS:
        expected = {number for number, state in made.items() if view in TABS[state]}
        assert rows(client, "ent-orders", view=view) == expected, view
    assert rows(client, "ent-orders") == set(made)


def test_every_tab_of_the_carrier_holds_what_the_model_says(orders: tuple[World, dict[str, str]]) -> None:
    world, made = orders
    client = client_of(world.seller)
    assert rows(client, "carrier-bookings", view="mine") == {n for n, state in made.items() if state in CARRIERS_TURN}
    for view in VIEWS[1:]:
        expected = {number for number, state in made.items() if view in TABS[state]}
        assert rows(client, "carrier-bookings", view=view) == expected, view


@pytest.mark.parametrize("name", ["ent-orders", "carrier-bookings"])
def test_counts_on_the_tabs_are_the_rows_behind_them(orders: tuple[World, dict[str, str]], name: str) -> None:
    world, _made = orders
    client = client_of(world.owner if name == "ent-orders" else world.seller)
    for tab in client.get(reverse(name)).context["list"].tabs:
        page = client.get(f"{reverse(name)}{tab['url']}").context["list"]
        assert len(page.rows) == tab["count"], tab


def test_every_order_is_at_one_stage_of_its_life_and_no_two(orders: tuple[World, dict[str, str]]) -> None:
    """Talking, running, done and over share out all orders."""
    _world, made = orders
    stages = {"talking": TALKING, "running": RUNNING, "over": OVER}
    counts = tallies(Order.objects.all(), stages)
    done = Order.objects.filter(status="completed").count()
    assert sum(counts.values()) + done == len(made)


def test_what_waits_for_the_enterprise_is_what_its_status_says(orders: tuple[World, dict[str, str]]) -> None:
    """The query of the tab and the pure function of the status agree; rated orders wait for nobody."""
    mine = set(Order.objects.filter(MINE).values_list("number", flat=True))
    shown = with_shown(Order.objects.select_related("voucher"))
    by_turn = {order.number for order in shown if order.shown_status.turn == "enterprise"}
    unrated = {order.number for order in shown if order.status == "completed" and not hasattr(order, "review")}
    assert mine == by_turn | unrated


@pytest.mark.parametrize("status", Voucher.State.values)
def test_whatever_the_voucher_is_the_order_is_talked_of_or_runs(status: str) -> None:
    """No state of a voucher makes an accepted order fall out of the list (the query by itself)."""
    from django.db.models import Q

    def holds(condition: Q) -> bool:
        return any(_true(child, status) for child in condition.children)

    parts = [holds(stage) for stage in (TALKING, RUNNING)]
    assert parts.count(True) == 1, status


def _true(part: Any, status: str) -> bool:
    """Whether a part of a query holds for an accepted order with a voucher in that state."""
    if not isinstance(part, tuple):
        answers = [_true(child, status) for child in part.children]
        return (any(answers) if part.connector == "OR" else all(answers)) is not part.negated
    name, value = part
    facts = {"status": "accepted", "use_voucher": True, "voucher": "there", "voucher__status": status}
    facts["snapshot__data__hold_at"] = "use_submitted"
    found = facts[name.removesuffix("__in")]
    return found in value if name.endswith("__in") else found == value


def test_an_order_at_ones_own_cost_runs_from_its_acceptance(world: World) -> None:
    order = services.place_order(organization=world.enterprise, programme=None, booking=booking(world), by=world.owner)
    services.accept_order(order, by=world.seller, amount=order.reference_price, promised_on=None)
    client = client_of(world.owner)
    found = [view for view in VIEWS if rows(client, "ent-orders", view=view)]
    assert found == ["running"]


# --- Words ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ent-orders", "carrier-bookings"])
@pytest.mark.parametrize("words", ["试验&view=over", "a+b", "50%", "#1", "'\"<b>", "可靠性 试验"])
def test_a_tab_keeps_the_words_as_they_were_typed(world: World, name: str, words: str) -> None:
    make_order(world)
    client = client_of(world.owner if name == "ent-orders" else world.seller)
    page = client.get(reverse(name), {"q": words}).context["list"]
    for tab in page.tabs:
        again = client.get(f"{reverse(name)}{tab['url']}").context["list"]
        assert again.filters.cleaned_data["q"] == words, tab["url"]


@pytest.mark.parametrize(
    ("words", "found"),
    [("样机环境", True), ("可靠性实验室", True), ("  样机  ", True), ("%", False), ("_", False), ("没有", False)],
)
def test_words_are_looked_for_literally(world: World, buyer: Client, words: str, found: bool) -> None:
    order = make_order(world)
    assert rows(buyer, "ent-orders", q=words) == ({order.number} if found else set())


@pytest.mark.parametrize(("view", "page"), [("", "0"), ("nowhere", "-1"), ("mine", "999"), ("all", "abc")])
def test_odd_addresses_show_a_page(world: World, buyer: Client, view: str, page: str) -> None:
    make_order(world, "accepted")
    response = buyer.get(f"{reverse('ent-orders')}?{urlencode({'view': view, 'page': page})}")
    assert response.status_code == 200
    assert len(response.context["list"].rows) == 1


def test_lists_hold_nothing_of_other_parties(world: World, stranger: Any) -> None:
    make_order(world, "issued")
    assert rows(client_of(stranger), "ent-orders") == set()
    from carriers.tests.factories import make_carrier

    other = client_of(cast.owner_of(make_carrier().organization))
    assert rows(other, "carrier-bookings", view="running") == set()
    for view, name in product(("waiting", "received", "over"), ("carrier-vouchers",)):
        assert other.get(reverse(name), {"view": view}).context["list"].rows == []
