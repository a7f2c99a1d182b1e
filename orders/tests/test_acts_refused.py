"""Every verb in every state where it is not due, and for everybody whose it is not: nothing changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from accounts.models import Membership, User
from carriers.tests.factories import make_carrier
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.acts import ACTS, STATES, organization_of, possible, side_of
from orders.tests.factories import World, booking, make_world
from orders.tests.watch import nothing_changes, refused

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-7", "ZO-8", "ZO-9", "ZO-12")]

RIGHTS = tuple(codename for codename, _words in Region._meta.permissions)
READERS = (Membership.Role.FINANCE, Membership.Role.VIEWER)


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    """With quota for a voucher in every state."""
    return make_world(quota=200_000)


@pytest.mark.parametrize("state", STATES)
def test_acts_that_are_not_due_change_nothing_even_for_their_owner(
    world: World, orders: dict[str, Order], state: str
) -> None:
    order = orders[state]
    undue = [name for name, act in ACTS.items() if state not in act.states and possible(name, state)]
    assert undue
    with nothing_changes():
        for name in undue:
            with pytest.raises(Refused, match=r".{10,}"):
                ACTS[name].run(order, side_of(world, name))


def people_without_right(world: World, name: str) -> dict[str, User]:
    """All who might try: readers of both sides, the other side, rivals, officers, the technician."""
    sides = ACTS[name].sides
    people = {
        "rival": cast.owner_of(cast.rival()),
        "other carrier": cast.owner_of(make_carrier().organization),
        "officer": cast.make_officer(cast.COUNTY, *RIGHTS),
        "officer elsewhere": cast.make_officer(cast.OTHER_COUNTY, *RIGHTS),
        "technician": cast.make_user(is_superuser=True, is_staff=True),
    }
    for side in ("enterprise", "carrier"):
        organization = organization_of(world, side)
        for role in READERS:
            people[f"{role} of the {side}"] = cast.make_member(organization, role=role)
        left = cast.make_member(organization)
        Membership.objects.filter(user=left).update(active=False)
        people[f"former handler of the {side}"] = left
        if side not in sides:
            people[f"owner of the {side}"] = cast.owner_of(organization)
            people[f"handler of the {side}"] = cast.make_member(organization)
    return people


@pytest.mark.parametrize("name", ACTS)
def test_nobody_else_does_it_and_nothing_changes(world: World, orders: dict[str, Order], name: str) -> None:
    order = orders[ACTS[name].states[0]]
    people = people_without_right(world, name)
    done = []
    with nothing_changes():
        for who, person in people.items():
            try:
                ACTS[name].run(order, person)
            except NotAllowed:
                continue
            done.append(who)
    assert done == []


@pytest.mark.parametrize("name", ACTS)
def test_the_order_of_yesterday_does_not_help(world: World, orders: dict[str, Order], name: str) -> None:
    """Whoever holds an old copy in which the act was still due is told where the order stands now."""
    order = orders[ACTS[name].states[0]]
    old = Order.objects.select_related("voucher").get(pk=order.pk)
    act, by = ACTS[name], side_of(world, name)
    act.run(order, by)
    if name in ("message", "remind", "evidence"):
        return
    refused_or_gone(lambda: act.run(old, by))


def refused_or_gone(act: Callable[[], object]) -> None:
    """The second time is refused, or what it was done to is there no more."""
    with nothing_changes(), pytest.raises((Refused, IndexError)):
        act()


@pytest.mark.parametrize("role", READERS)
def test_readers_of_the_enterprise_book_nothing(world: World, role: str) -> None:
    person = cast.make_member(world.enterprise, role=role)
    values = {"organization": world.enterprise, "programme": world.programme, "booking": booking(world)}
    for place in (services.place_order, services.place_offline):
        refused(lambda place=place: place(**values, by=person), "办理", NotAllowed)


#: What the clock may not do in these states; in all others it does nothing at all.
CLOCK = {
    "placed": (services.default_review,),
    "completed": (services.lapse_order, services.confirm_completion),
    "delivered": (services.lapse_order, services.default_review),
}
ANY_CLOCK = (services.lapse_order, services.confirm_completion, services.default_review)


@pytest.mark.feature("X-9")
@pytest.mark.parametrize("state", STATES)
def test_the_clock_comes_at_the_wrong_time_without_harm(orders: dict[str, Order], state: str) -> None:
    order = orders[state]
    with nothing_changes():
        for verb in CLOCK.get(state, ANY_CLOCK):
            verb(order, by=None)
