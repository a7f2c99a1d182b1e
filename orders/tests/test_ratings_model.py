"""Stars of carrier and service against a plain model, whatever the order of reviews and defaults."""

from decimal import Decimal
from statistics import mean
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from carriers.models import Carrier, Service
from innovation_voucher.casework import calendar
from orders import services
from orders.models import Order, ServiceReview
from orders.services import Rating
from orders.tests.factories import World, booking, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-12")]


def finished(world: World, n: int) -> list[Order]:
    """Completed orders at the enterprise's own cost."""
    found = []
    for _serial in range(n):
        order = services.place_order(
            organization=world.enterprise, programme=None, booking=booking(world), by=world.owner
        )
        services.accept_order(order, by=world.seller, amount=Decimal(100), promised_on=None)
        services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="合格")
        found.append(services.confirm_completion(order, by=world.owner))
    return found


def figures(row: Carrier | Service) -> tuple[float | None, int, int]:
    """Mean of the stars, how many gave some, how many defaults stand."""
    fresh: Any = type(row)._default_manager.get(pk=row.pk)
    return fresh.stars, fresh.stars_count, fresh.default_count


class Model:
    """The same with lists: what each order was given."""

    def __init__(self) -> None:
        self.given: dict[int, int | None] = {}

    def default(self, order: int) -> None:
        self.given.setdefault(order, None)

    def review(self, order: int, stars: int) -> None:
        if self.given.get(order) is None:
            self.given[order] = stars

    @property
    def figures(self) -> tuple[float | None, int, int]:
        stars = [stars for stars in self.given.values() if stars is not None]
        return (round(mean(stars), 1) if stars else None), len(stars), list(self.given.values()).count(None)


STEP = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(1, 5)))


def play(world: World, orders: list[Order], steps: list[tuple[int, int | None]]) -> None:
    """Do the steps with the verbs and with the model, and compare."""
    model = Model()
    for which, stars in steps:
        if stars is None:
            model.default(which)
            services.default_review(orders[which])
        else:
            refusing(orders[which], stars, world)
            model.review(which, stars)
    for row in (world.carrier, world.service):
        shown, count, defaults = figures(row)
        expected = model.figures
        assert (count, defaults) == expected[1:]
        assert (None if shown is None else round(shown, 1)) == expected[0]
    assert ServiceReview.objects.count() == len(model.given)


def refusing(order: Order, stars: int, world: World) -> None:
    """Rate; a second rating is refused, which the model knows too."""
    from innovation_voucher.casework.errors import Refused

    try:
        services.review_service(order, by=world.owner, rating=Rating(stars=stars))
    except Refused:
        assert ServiceReview.objects.get(order=order).by_system is False


def test_any_story_of_reviews_gives_the_stars_of_the_model(db: None) -> None:
    world = make_world(quota=0)
    orders = finished(world, 4)

    @settings(max_examples=12, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(st.lists(STEP, max_size=6))
    def story(steps: list[tuple[int, int | None]]) -> None:
        with transaction.atomic():
            play(world, orders, steps)
            transaction.set_rollback(True)

    story()


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_defaults_never_lift_a_bad_rating(db: None, stars: int) -> None:
    world = make_world(quota=0)
    rated, *others = finished(world, 3)
    services.review_service(rated, by=world.owner, rating=Rating(stars=stars))
    for order in others:
        services.default_review(order)
    assert figures(world.carrier) == figures(world.service) == (float(stars), 1, 2)


def test_only_defaults_are_no_stars_at_all(db: None) -> None:
    world = make_world(quota=0)
    for order in finished(world, 2):
        services.default_review(order)
    assert figures(world.carrier) == (None, 0, 2)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_the_database_knows_no_other_stars(db: None, stars: int) -> None:
    from django.db import IntegrityError

    world = make_world(quota=0)
    (order,) = finished(world, 1)
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        services.review_service(order, by=world.owner, rating=Rating(stars=stars))
    assert figures(world.carrier) == (None, 0, 0)
    assert not ServiceReview.objects.exists()
