"""Two at once, on PostgreSQL: one receives; a receipt and a void end in one state."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.factories import World, make_order, make_world, use_of, voucher_of
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import void_voucher

pytestmark = [pytest.mark.feature("ZO-12", "ZJ-9"), pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT_ONCE = 6


def race(acts: list[Callable[[], object]]) -> list[str]:
    """Run the acts in threads that start together; "done" or why not, for each."""
    start = threading.Barrier(len(acts))
    said: list[str] = [""] * len(acts)

    def run(n: int) -> None:
        try:
            start.wait()
            acts[n]()
            said[n] = "done"
        except Refused as refused:
            said[n] = str(refused)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(said), said
    return said


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_check_before_the_lock_lets_several_receive(world: World) -> None:
    """The control: everybody finds it issued, and everybody writes."""
    voucher = voucher_of(make_order(world, "issued"))
    meet = threading.Barrier(AT_ONCE)

    def naive() -> None:
        found = Voucher.objects.get(pk=voucher.pk)
        meet.wait()
        if found.status != "issued":
            raise Refused("received already")

    assert race([naive] * AT_ONCE) == ["done"] * AT_ONCE


def test_of_many_who_receive_at_once_one_does(world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    said = race([lambda: services.receive_voucher(voucher, by=world.seller, road="link")] * AT_ONCE)
    assert said.count("done") == 1
    assert AuditRow.objects.filter(verb="voucher.confirmed").count() == 1


def test_receiving_and_voiding_at_once_end_in_one_state(world: World) -> None:
    for _n in range(5):
        voucher = voucher_of(make_order(world, "issued", contract=1_000))
        said = race(
            [
                lambda voucher=voucher: services.receive_voucher(voucher, by=world.seller, road="link"),
                lambda voucher=voucher: void_voucher(voucher, by=world.owner, reason="填错"),
                lambda voucher=voucher: services.return_voucher(voucher, by=world.seller, reason="不符"),
            ]
        )
        assert said.count("done") == 1
        voucher.refresh_from_db()
        ended = {0: "confirmed", 1: "voided", 2: "returned_by_carrier"}[said.index("done")]
        assert voucher.status == ended
        assert voucher.held == (1_000 if ended == "confirmed" else 0)


def test_one_order_takes_one_voucher_whoever_submits_at_once(world: World) -> None:
    order = make_order(world, "contract")
    second = cast.make_member(world.enterprise)
    people = [world.owner, second] * 3
    said = race([lambda by=by: services.use_voucher(order, by=by, use=use_of(1_000)) for by in people])
    assert said.count("done") == 1
    assert Voucher.objects.count() == 1
    assert QuotaAccount.objects.get(organization=world.enterprise).held == 1_000


def test_cancelling_and_accepting_at_once_end_in_one_state(world: World) -> None:
    order = make_order(world)
    said = race(
        [
            lambda: services.cancel_order(order, by=world.owner, reason="不做了"),
            lambda: services.decline_order(order, by=world.seller, reason="排期已满"),
        ]
    )
    assert said.count("done") == 1
    assert Order.objects.get(pk=order.pk).status == ("cancelled" if said[0] == "done" else "declined")
