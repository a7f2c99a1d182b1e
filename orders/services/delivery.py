"""The service itself: recorded by the carrier, confirmed by the enterprise, rated."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from carriers import services as carriers
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.rules import require
from vouchers.policy import Policy
from vouchers.resolve import policy_of

from .. import rules
from ..models import Order, ServiceRecord, ServiceReview
from .common import lock, start_term, tell_carrier, tell_enterprise

DEFAULT_STARS = 5


@transaction.atomic
def record_service(order: Order, *, by: User, delivered_on: date, result: str) -> ServiceRecord:
    """The carrier records what it delivered; the enterprise is asked to confirm."""
    order = lock(order)
    require(rules.may_record(by, order))
    record = ServiceRecord.objects.create(
        order=order, delivered_on=delivered_on, result=result, recorded_by=by, recorded_at=timezone.now()
    )
    order.deliver()
    order.delivered_at = record.recorded_at
    order.save()
    start_term(order, _policy(order), "completion")
    audit.record("order.delivered", order, by=by, region=order.region, after={"delivered_on": str(delivered_on)})
    tell_enterprise(
        order, "order.delivered", _("机构已登记完成：%(title)s") % {"title": order.title}, mark=str(record.pk)
    )
    return record


@transaction.atomic
def confirm_completion(order: Order, *, by: User | None) -> Order:
    """The enterprise agrees that the service is done; `by=None` is the clock after the term."""
    order = lock(order)
    if by is None and order.status != Order.State.DELIVERED:
        return order
    if by is not None:
        require(rules.may_confirm_completion(by, order))
    order.complete()
    order.completed_at = timezone.now()
    order.save()
    deadlines.close(order, "completion")
    start_term(order, _policy(order), "rating")
    carriers.count_finished(order.carrier, order.service or order.instrument)
    audit.record("order.completed", order, by=by, region=order.region)
    tell_carrier(order, "order.completed", _("企业已确认完成：%(title)s") % {"title": order.title})
    return order


@transaction.atomic
def report_problem(order: Order, *, by: User, reason: str) -> Order:
    """有问题: the enterprise does not agree that it is done, and says why."""
    order = lock(order)
    require(rules.may_confirm_completion(by, order))
    order.reopen()
    order.delivered_at = None
    order.save()
    deadlines.close(order, "completion")
    audit.record("order.problem", order, by=by, region=order.region, reason=reason)
    mark = str(order.records.count())
    tell_carrier(
        order, "order.problem", _("企业反馈有问题：%(title)s") % {"title": order.title}, body=reason, mark=mark
    )
    return order


@transaction.atomic
def review_service(
    order: Order,
    *,
    by: User,
    stars: int,
    words: str = "",
    details: dict[str, int | None] | None = None,
    anonymous: bool = False,
) -> ServiceReview:
    """The enterprise rates the service, 1 to 5 stars; it takes the place of a default review."""
    order = lock(order)
    require(rules.may_review(by, order))
    was_default = ServiceReview.objects.filter(order=order, by_system=True).delete()[0] > 0
    review = ServiceReview.objects.create(
        order=order,
        stars=stars,
        words=words,
        anonymous=anonymous,
        author=by,
        at=timezone.now(),
        **(details or {}),
    )
    deadlines.close(order, "rating")
    item = order.service or order.instrument
    carriers.add_rating(order.carrier, item, stars=stars, replaces_default=was_default)
    audit.record("order.reviewed", order, by=by, region=order.region, after={"stars": stars})
    tell_carrier(order, "order.reviewed", _("收到新评价：%(title)s") % {"title": order.title})
    return review


@transaction.atomic
def default_review(order: Order) -> ServiceReview | None:
    """The clock's good review after the rating term; marked, and kept out of averages.

    Returns None when the order was rated in time.
    """
    order = lock(order)
    if order.status != Order.State.COMPLETED or ServiceReview.objects.filter(order=order).exists():
        return None
    review = ServiceReview.objects.create(
        order=order, stars=DEFAULT_STARS, by_system=True, author=None, at=timezone.now()
    )
    carriers.add_default_rating(order.carrier, order.service or order.instrument)
    audit.record("order.default_review", order, by=None, region=order.region)
    return review


@transaction.atomic
def reply_review(order: Order, *, by: User, text: str) -> ServiceReview:
    """The carrier answers a review, once, at most 500 characters."""
    order = lock(order)
    require(rules.may_reply(by, order))
    review = ServiceReview.objects.select_for_update().get(order=order)
    review.reply = text
    review.replied_at = timezone.now()
    review.save(update_fields=["reply", "replied_at"])
    audit.record("order.review_replied", order, by=by, region=order.region)
    tell_enterprise(order, "order.review_replied", _("机构回复了您的评价：%(title)s") % {"title": order.title})
    return review


def _policy(order: Order) -> Policy | None:
    return policy_of(order.snapshot) if order.snapshot else None
