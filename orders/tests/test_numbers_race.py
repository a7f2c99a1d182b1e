"""Order numbers under threads, on PostgreSQL: all different, none left out."""

import pytest

from orders import services
from orders.models import Order
from orders.tests.factories import booking, make_order, make_world
from orders.tests.test_race import race

pytestmark = [pytest.mark.feature("ZJ-7"), pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT_ONCE = 8


def test_numbers_that_are_given_at_once_are_different_and_without_gaps() -> None:
    world = make_world(order_number="CXQ{yyyymmdd}{seq4}")

    def place() -> object:
        return services.place_order(
            organization=world.enterprise, programme=world.programme, booking=booking(world), by=world.owner
        )

    assert race([place] * AT_ONCE) == ["done"] * AT_ONCE
    numbers = sorted(Order.objects.values_list("number", flat=True))
    assert [int(number[-4:]) for number in numbers] == list(range(1, AT_ONCE + 1))
    assert len({number[:-4] for number in numbers}) == 1


def test_two_who_take_or_withdraw_a_booking_at_once_end_in_one_state() -> None:
    world = make_world()
    order = make_order(world)
    said = race(
        [
            lambda: services.accept_order(order, by=world.seller, amount=order.reference_price, promised_on=None),
            lambda: services.lapse_order(order),
        ]
    )
    state = Order.objects.get(pk=order.pk).status
    assert (state, said[0]) in {("accepted", "done"), ("lapsed", said[0])}
    assert (said[0] == "done") is (state == "accepted")
    assert said[1] == "done"


def test_one_order_is_handed_in_anew_once_whoever_asks() -> None:
    world = make_world()
    order = make_order(world, "voided")
    said = race([lambda: services.resubmit_order(order, by=world.owner)] * 4)
    assert said.count("done") == 1
    assert sorted(Order.objects.values_list("status", flat=True)) == ["accepted", "cancelled"]
