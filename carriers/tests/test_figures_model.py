"""Ratings and finished orders against a plain model: whatever comes in whatever order, the sums agree."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from carriers import services
from carriers.models import Carrier, Service

from .factories import make_carrier, make_instrument, make_service

pytestmark = pytest.mark.django_db

quick = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
stars = st.integers(1, 5)
events = st.lists(
    st.one_of(
        st.tuples(st.just("rate"), stars),
        st.tuples(st.just("default"), st.none()),
        st.tuples(st.just("replace"), stars),
        st.tuples(st.just("finish"), st.none()),
    ),
    max_size=8,
)


def play(carrier: Carrier, item: Any, event: str, given_stars: int | None) -> None:
    if event == "rate":
        services.add_rating(carrier, item, stars=given_stars, default=False)
    elif event == "default":
        services.add_rating(carrier, item, stars=None, default=True)
    elif event == "replace":
        services.replace_default_rating(carrier, item, stars=given_stars or 1)
    else:
        services.count_finished(carrier, item)


def test_any_story_ends_in_the_sums_of_the_model() -> None:
    start = make_carrier()

    @quick
    @given(events)
    def prove(story: list[tuple[str, int | None]]) -> None:
        item = make_service(start)
        Carrier.objects.filter(pk=start.pk).update(
            stars_total=0, stars_count=0, default_count=0, finished_orders=0, rating=0, rank=400
        )
        given_stars: list[int] = []
        defaults = 0
        for event, number in story:
            play(start, item, event, number)
            given_stars += [number] if number else []
            defaults += {"default": 1, "replace": -min(1, defaults)}.get(event, 0)
        finished = sum(event == "finish" for event, _number in story)
        for row in (Carrier.objects.get(pk=start.pk), Service.objects.get(pk=item.pk)):
            assert (row.stars_total, row.stars_count) == (sum(given_stars), len(given_stars))
            assert (row.default_count, row.finished_orders) == (defaults, finished)
            assert row.rank == row.ranked()
            mean = sum(given_stars) / len(given_stars) if given_stars else 0
            assert abs(row.rating - 100 * mean) <= 0.5
            assert row.stars == (round(mean, 1) if given_stars else None)

    prove()


@given(st.integers(0, 500), st.integers(0, 100), stars)
def test_a_better_review_never_lowers_the_rank_below_a_worse_one(total: int, finished: int, better: int) -> None:
    count = max(1, total // 3)
    rows = [
        Service(stars_total=total + number, stars_count=count + 1, finished_orders=finished)
        for number in (better, min(5, better + 1))
    ]
    assert rows[0].ranked() <= rows[1].ranked()


@pytest.mark.parametrize(("finished", "lift"), [(0, 0), (1, 1), (100, 100), (101, 100), (10000, 100)])
def test_work_done_lifts_the_rank_up_to_a_hundred(finished: int, lift: int) -> None:
    assert Service(finished_orders=finished).ranked() == 400 + lift


def test_an_instrument_is_counted_as_a_service_is() -> None:
    instrument = make_instrument()
    services.add_rating(instrument.carrier, instrument, stars=4, default=False)
    services.count_finished(instrument.carrier, instrument)
    instrument.refresh_from_db()
    assert (instrument.stars, instrument.finished_orders) == (4.0, 1)


def test_an_order_without_an_item_counts_for_the_carrier_alone() -> None:
    service = make_service()
    services.count_finished(service.carrier, None)
    service.refresh_from_db()
    assert (service.finished_orders, service.carrier.finished_orders) == (0, 1)


@pytest.mark.parametrize("bad", [0, 6, -1])
def test_a_replaced_review_has_one_to_five_stars(bad: int) -> None:
    service = make_service()
    services.add_rating(service.carrier, service, stars=None, default=True)
    with pytest.raises(ValueError, match="1 to 5"):
        services.replace_default_rating(service.carrier, service, stars=bad)
    service.refresh_from_db()
    assert (service.default_count, service.stars_count) == (1, 0)


def test_no_bookings_no_answer_time() -> None:
    carrier = make_carrier()
    services.set_answer_minutes(carrier, 60)
    services.set_answer_minutes(carrier, None)
    carrier.refresh_from_db()
    assert carrier.answer_minutes is None
