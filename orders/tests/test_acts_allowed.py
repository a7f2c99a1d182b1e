"""Every verb in every state where it is due: the audit rows, messages, quota and state that it leaves."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from orders.models import Order
from orders.tests.acts import ACTS, STATES, organization_of, side_of
from orders.tests.factories import World, make_order, make_world
from orders.tests.watch import what_is_left
from vouchers.models import QuotaAccount

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7", "ZO-8", "ZO-9", "ZO-12")]

HELD = Decimal(14_000)


@dataclass(frozen=True)
class Leaves:
    """The order's state afterwards, all rows of the record in their order, who is told what, quota moved."""

    status: str
    verbs: tuple[str, ...]
    told: tuple[tuple[str, str], ...] = ()
    moved: tuple[tuple[str, Decimal], ...] = ()


EXPECTED: dict[str, Leaves] = {
    "accept": Leaves("accepted", ("order.accepted",), (("order.accepted", "enterprise"),)),
    "decline": Leaves("declined", ("order.declined",), (("order.declined", "enterprise"),)),
    "cancel": Leaves("cancelled", ("order.cancelled",), (("order.cancelled", "carrier"),)),
    "remind": Leaves("accepted", ("order.reminded",), (("order.reminder", "enterprise"),)),
    "evidence": Leaves("accepted", ("order.evidence",)),
    "remove": Leaves("accepted", ("order.evidence_removed",)),
    "use": Leaves(
        "accepted",
        ("voucher.requested", "voucher.issued", "order.voucher_used"),
        (("voucher.issued", "carrier"),),
        (("hold", HELD),),
    ),
    "receive": Leaves(
        "accepted", ("voucher.confirmed", "order.voucher_received"), (("voucher.confirmed", "enterprise"),)
    ),
    "return": Leaves(
        "accepted",
        ("voucher.returned_by_carrier", "order.voucher_returned"),
        (("voucher.returned_by_carrier", "enterprise"),),
        (("release", HELD),),
    ),
    "record": Leaves("delivered", ("order.delivered",), (("order.delivered", "enterprise"),)),
    "confirm": Leaves("completed", ("order.completed",), (("order.completed", "carrier"),)),
    "problem": Leaves("accepted", ("order.problem",), (("order.problem", "carrier"),)),
    "resubmit": Leaves("cancelled", ("order.resubmitted", "order.copied"), (("order.copied", "carrier"),)),
    "review": Leaves("completed", ("order.reviewed",), (("order.reviewed", "carrier"),)),
    "reply": Leaves("completed", ("order.review_replied",), (("order.review_replied", "enterprise"),)),
}
PAIRS = [(name, state) for name in EXPECTED for state in ACTS[name].states]


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    """With quota for a voucher in every state."""
    return make_world(quota=200_000)


def test_the_table_speaks_of_every_verb_but_the_talk() -> None:
    assert set(EXPECTED) == set(ACTS) - {"message"}


@pytest.mark.parametrize(("name", "state"), PAIRS)
def test_an_act_that_is_due_leaves_exactly_its_traces(
    world: World, orders: dict[str, Order], name: str, state: str
) -> None:
    order = orders[state]
    expected = EXPECTED[name]
    with what_is_left() as left:
        ACTS[name].run(order, side_of(world, name))
    order.refresh_from_db()
    assert order.status == expected.status
    assert left.verbs == list(expected.verbs)
    assert left.told == set(expected.told)
    assert left.entries == list(expected.moved)
    newest = AuditRow.objects.filter(verb=expected.verbs[-1]).latest("pk")
    assert (newest.actor_id, newest.region_path) == (side_of(world, name).pk, order.region.path)


@pytest.mark.parametrize("name", EXPECTED)
def test_handlers_of_the_side_may_do_what_the_owner_may(world: World, orders: dict[str, Order], name: str) -> None:
    order = orders[ACTS[name].states[-1]]
    handler = cast.make_member(organization_of(world, ACTS[name].sides[0]))
    ACTS[name].run(order, handler)
    assert Order.objects.get(pk=order.pk).status == EXPECTED[name].status
    assert AuditRow.objects.filter(verb=EXPECTED[name].verbs[-1], actor_id=handler.pk).exists()


@pytest.mark.feature("X-6")
@pytest.mark.parametrize("state", STATES)
def test_both_sides_talk_in_every_state_and_the_record_stays_short(
    world: World, orders: dict[str, Order], state: str
) -> None:
    order = orders[state]
    with what_is_left() as left:
        for person in (world.owner, world.seller):
            ACTS["message"].run(order, person)
    assert left.told == {("order.message", "carrier"), ("order.message", "enterprise")}
    assert (left.verbs, left.entries) == ([], [])
    assert [message.from_carrier for message in order.messages.all()] == [False, True]
    assert Order.objects.get(pk=order.pk).status == order.status


def test_a_whole_story_moves_quota_once() -> None:
    world = make_world()
    make_order(world, "reviewed")
    account = QuotaAccount.objects.get(organization=world.enterprise)
    kinds = list(account.entries.values_list("kind", "amount"))
    assert kinds == [("grant", Decimal(50_000)), ("hold", HELD)]
    assert (account.available, account.held, account.spent) == (Decimal(36_000), HELD, Decimal(0))


@pytest.mark.parametrize(
    ("name", "side", "address"),
    [("accept", "enterprise", "/ent/orders/{}/"), ("cancel", "carrier", "/carrier/bookings/{}/")],
)
def test_a_message_links_to_the_readers_own_page(
    world: World, orders: dict[str, Order], name: str, side: str, address: str
) -> None:
    order = orders["placed"]
    ACTS[name].run(order, side_of(world, name))
    reader = cast.owner_of(organization_of(world, side))
    assert Message.objects.filter(user=reader).latest("pk").link == address.format(order.number)


def test_all_people_of_a_side_are_told_and_nobody_twice() -> None:
    world = make_world()
    second = cast.make_member(world.enterprise)
    order = make_order(world)
    ACTS["accept"].run(order, world.seller)
    told = Message.objects.filter(kind="order.accepted").values_list("user", flat=True)
    assert sorted(told) == sorted([world.owner.pk, second.pk])
