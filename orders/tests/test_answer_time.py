"""How fast a carrier answers: the median over its own answers, and nobody else's doing."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from carriers.models import Carrier
from innovation_voucher.casework import calendar
from orders import services
from orders.tests.factories import World, booking, make_order

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-8")]


def minutes(world: World) -> int | None:
    return Carrier.objects.get(pk=world.carrier.pk).answer_minutes


@pytest.fixture
def start(world: World, time_machine: Any) -> datetime:
    now = calendar.now().replace(hour=9, minute=0, second=0, microsecond=0)
    time_machine.move_to(now, tick=False)
    return now


def answered(world: World, clock: Any, start: datetime, after: int, verb: str = "accept") -> None:
    """An order that is placed at the start of the story and answered so many minutes later."""
    clock.move_to(start, tick=False)
    order = make_order(world)
    clock.move_to(start + timedelta(minutes=after), tick=False)
    if verb == "accept":
        services.accept_order(order, by=world.seller, amount=Decimal(100), promised_on=None)
    elif verb == "decline":
        services.decline_order(order, by=world.seller, reason="排期已满")
    elif verb == "cancel":
        services.cancel_order(order, by=world.owner, reason="计划有变")
    else:
        services.lapse_order(order)


@pytest.mark.parametrize(
    ("times", "median"),
    [([10], 10), ([10, 30], 20), ([10, 20, 600], 20), ([0], 0), ([1, 2, 3, 1000], 2)],
)
def test_the_median_of_the_answers_is_kept(
    world: World, start: datetime, time_machine: Any, times: list[int], median: int
) -> None:
    for after in times:
        answered(world, time_machine, start, after)
    assert minutes(world) == median


def test_declining_is_an_answer_too(world: World, start: datetime, time_machine: Any) -> None:
    answered(world, time_machine, start, 40, "decline")
    assert minutes(world) == 40


def test_declining_later_what_was_accepted_does_not_count_again(
    world: World, start: datetime, time_machine: Any
) -> None:
    order = make_order(world)
    services.accept_order(order, by=world.seller, amount=Decimal(100), promised_on=None)
    time_machine.move_to(start + timedelta(days=3), tick=False)
    services.decline_order(order, by=world.seller, reason="设备故障")
    assert minutes(world) == 0


@pytest.mark.parametrize("verb", ["cancel", "lapse"])
def test_what_the_carrier_never_answered_is_no_answer(
    world: World, start: datetime, time_machine: Any, verb: str
) -> None:
    answered(world, time_machine, start, 2_000, verb)
    answered(world, time_machine, start, 10)
    assert minutes(world) == 10


def test_a_contract_entered_offline_is_no_answer(world: World, start: datetime, time_machine: Any) -> None:
    answered(world, time_machine, start, 30)
    services.place_offline(
        organization=world.enterprise, programme=world.programme, booking=booking(world), by=world.owner
    )
    answered(world, time_machine, start, 50)
    assert minutes(world) == 40


def test_an_order_handed_in_anew_counts_once(world: World, start: datetime, time_machine: Any) -> None:
    answered(world, time_machine, start, 60)
    time_machine.move_to(start, tick=False)
    order = make_order(world, "voided", contract=1_000)
    services.resubmit_order(order, by=world.owner)
    answered(world, time_machine, start, 90)
    assert minutes(world) == 60
