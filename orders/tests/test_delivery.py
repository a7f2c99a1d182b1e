"""The service: recorded, confirmed, disputed, rated; and what the clock does."""

import io
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from carriers.models import Carrier
from innovation_voucher.casework import attachments, calendar, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Message
from innovation_voucher.lib.tests.files import pdf
from orders import services
from orders.models import Order, ServiceRecord, ServiceReview
from orders.services import Rating
from orders.tests.factories import World, make_order, make_world

pytestmark = pytest.mark.django_db


def run_days(days: int) -> None:
    deadlines.run_due(calendar.now() + timedelta(days=days))


@pytest.mark.feature("ZO-9")
def test_the_carrier_records_the_service_with_a_file(world: World) -> None:
    order = make_order(world, "received")
    file = ("报告.pdf", io.BytesIO(pdf()))
    record = services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="合格", file=file)
    order.refresh_from_db()
    assert (order.status, record.result, record.recorded_by) == ("delivered", "合格", world.seller)
    assert [each.name for each in attachments.files(order, "service_result")] == ["报告.pdf"]
    assert Message.objects.filter(user=world.owner, kind="order.delivered").count() == 1


@pytest.mark.feature("ZO-9")
def test_the_voucher_has_to_arrive_before_the_service_is_recorded(world: World, stranger: User) -> None:
    order = make_order(world, "issued")
    with pytest.raises(Refused, match="先接收"):
        services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="x")
    for person in (world.owner, stranger):
        with pytest.raises(NotAllowed):
            services.record_service(order, by=person, delivered_on=calendar.today(), result="x")
    assert not ServiceRecord.objects.exists()


@pytest.mark.feature("ZO-9")
def test_the_enterprise_confirms_and_the_catalogue_counts(world: World) -> None:
    make_order(world, "completed")
    assert Carrier.objects.get(pk=world.carrier.pk).finished_orders == 1
    world.service.refresh_from_db()
    assert world.service.finished_orders == 1


@pytest.mark.feature("ZO-9")
def test_what_the_enterprise_disputes_goes_back_into_service(world: World) -> None:
    order = make_order(world, "delivered")
    services.report_problem(order, by=world.owner, reason="缺报告")
    order.refresh_from_db()
    assert (order.status, order.delivered_at, deadlines.due(order, "completion")) == ("accepted", None, None)
    services.record_service(order, by=world.seller, delivered_on=calendar.today(), result="补齐")
    assert order.records.count() == 2


@pytest.mark.feature("ZO-9")
def test_the_carrier_cannot_confirm_its_own_work(world: World, stranger: User) -> None:
    order = make_order(world, "delivered")
    for person in (world.seller, stranger):
        with pytest.raises(NotAllowed):
            services.confirm_completion(order, by=person)
        with pytest.raises(NotAllowed):
            services.report_problem(order, by=person, reason="x")
    order.refresh_from_db()
    assert order.status == "delivered"


@pytest.mark.feature("ZO-9", "X-9")
def test_after_fifteen_days_the_clock_confirms(world: World) -> None:
    order = make_order(world, "delivered")
    run_days(15)
    order.refresh_from_db()
    assert order.status == "delivered"
    run_days(16)
    order.refresh_from_db()
    assert order.status == "completed"


def test_the_clock_confirms_nothing_that_was_disputed(world: World) -> None:
    order = make_order(world, "received")
    assert services.confirm_completion(order, by=None).status == "accepted"


# --- Rating ---------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-12")
def test_the_enterprise_rates_once_and_the_stars_count(world: World) -> None:
    order = make_order(world, "reviewed")
    assert Carrier.objects.get(pk=world.carrier.pk).stars == 4.0
    with pytest.raises(Refused, match="已评价"):
        services.review_service(order, by=world.owner, rating=Rating(stars=1))
    assert order.review.stars == 4


@pytest.mark.feature("ZJ-12")
def test_only_the_enterprise_rates_and_only_what_is_done(world: World, stranger: User) -> None:
    order = make_order(world, "completed")
    for person in (world.seller, stranger):
        with pytest.raises(NotAllowed):
            services.review_service(order, by=person, rating=Rating(stars=5))
    with pytest.raises(Refused, match="待确认完成"):
        services.review_service(make_order(world, "delivered"), by=world.owner, rating=Rating(stars=5))
    assert not ServiceReview.objects.exists()


@pytest.mark.feature("ZJ-12")
def test_unrated_on_day_thirty_becomes_the_default_good_review(world: World, time_machine: Any) -> None:
    """Scenario 11: unrated to the end of day 30."""
    order = make_order(world, "completed")
    start = calendar.now()
    time_machine.move_to(start + timedelta(days=30))
    deadlines.run_due(calendar.now())
    assert not ServiceReview.objects.exists()
    time_machine.move_to(start + timedelta(days=31))
    deadlines.run_due(calendar.now())
    review = ServiceReview.objects.get(order=order)
    assert (review.stars, review.by_system, review.author) == (5, True, None)
    carrier = Carrier.objects.get(pk=world.carrier.pk)
    assert (carrier.stars, carrier.default_count) == (None, 1)


@pytest.mark.feature("ZJ-12")
def test_a_county_may_wait_longer_for_the_rating(db: None) -> None:
    make_order(make_world(auto_review_days=60), "completed")
    run_days(31)
    assert not ServiceReview.objects.exists()
    run_days(61)
    assert ServiceReview.objects.get().by_system


@pytest.mark.feature("ZJ-12")
def test_a_default_review_gives_way_to_a_real_one_for_180_days(world: World, time_machine: Any) -> None:
    order, late = make_order(world, "completed"), make_order(world, "completed")
    for each in (order, late):
        services.default_review(each)
    services.review_service(order, by=world.owner, rating=Rating(stars=2, words="慢"))
    carrier = Carrier.objects.get(pk=world.carrier.pk)
    assert (carrier.stars, carrier.default_count) == (2.0, 1)
    time_machine.move_to(calendar.now() + timedelta(days=181))
    with pytest.raises(Refused, match="180 天"):
        services.review_service(late, by=world.owner, rating=Rating(stars=1))
    assert ServiceReview.objects.get(order=late).by_system


@pytest.mark.feature("ZJ-12")
def test_a_rated_order_gets_no_default_review(world: World) -> None:
    order = make_order(world, "reviewed")
    assert services.default_review(order) is None
    assert ServiceReview.objects.get(order=order).stars == 4


@pytest.mark.feature("ZJ-12")
def test_the_carrier_answers_a_review_once(world: World) -> None:
    order = make_order(world, "reviewed")
    with pytest.raises(NotAllowed):
        services.reply_review(order, by=world.owner, text="我自己回复")
    assert services.reply_review(order, by=world.seller, text="谢谢").reply == "谢谢"
    with pytest.raises(Refused, match="一次"):
        services.reply_review(Order.objects.get(pk=order.pk), by=world.seller, text="再谢")
    assert ServiceReview.objects.get(order=order).reply == "谢谢"


@pytest.mark.feature("ZJ-12")
def test_a_default_review_is_not_answered(world: World) -> None:
    order = make_order(world, "completed")
    services.default_review(order)
    with pytest.raises(Refused):
        services.reply_review(Order.objects.get(pk=order.pk), by=world.seller, text="谢谢")
