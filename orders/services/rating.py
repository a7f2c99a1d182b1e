"""Rating a service: by the enterprise, by the clock, and the carrier's answer."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from carriers import services as carriers
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.rules import require

from .. import review_rules, rules
from ..models import Order, ServiceReview
from .common import lock, lock_for, tell_carrier, tell_enterprise

DEFAULT_STARS = 5


@dataclass(frozen=True, kw_only=True)
class Rating:
    """What a person says of a service; all stars are 1 to 5, the details may be left out."""

    stars: int
    efficiency: int | None = None
    skill: int | None = None
    pricing: int | None = None
    words: str = ""
    anonymous: bool = False


@transaction.atomic
def review_service(order: Order, *, by: User, rating: Rating) -> ServiceReview:
    """The enterprise rates the service; it takes the place of a default review."""
    order = lock_for(order, rules.for_enterprise, by)
    require(review_rules.may_review(by, order))
    was_default = ServiceReview.objects.filter(order=order, by_system=True).delete()[0] > 0
    review = ServiceReview.objects.create(order=order, author=by, at=timezone.now(), **vars(rating))
    deadlines.close(order, "rating")
    item = order.service or order.instrument
    if was_default:
        carriers.replace_default_rating(order.carrier, item, stars=rating.stars)
    else:
        carriers.add_rating(order.carrier, item, stars=rating.stars, default=False)
    audit.record("order.reviewed", order, by=by, region=order.region, after={"stars": rating.stars})
    tell_carrier(order, "order.reviewed", _("收到新评价：%(title)s") % {"title": order.title})
    return review


@transaction.atomic
def default_review(order: Order, *, by: None = None) -> ServiceReview | None:
    """The clock's good review after the rating term; marked, and kept out of averages.

    Returns None when the order was rated in time.
    """
    order = lock(order)
    if order.status != Order.State.COMPLETED or ServiceReview.objects.filter(order=order).exists():
        return None
    review = ServiceReview.objects.create(
        order=order, stars=DEFAULT_STARS, by_system=True, author=by, at=timezone.now()
    )
    carriers.add_rating(order.carrier, order.service or order.instrument, stars=None, default=True)
    audit.record("order.default_review", order, by=by, region=order.region)
    return review


@transaction.atomic
def reply_review(order: Order, *, by: User, text: str) -> ServiceReview:
    """The carrier answers a review, once, at most 500 characters."""
    order = lock_for(order, rules.for_carrier, by)
    require(review_rules.may_reply(by, order))
    review = ServiceReview.objects.select_for_update(of=("self",)).get(order=order)
    review.reply = text
    review.replied_at = timezone.now()
    review.save(update_fields=["reply", "replied_at"])
    audit.record("order.review_replied", order, by=by, region=order.region)
    tell_enterprise(order, "order.review_replied", _("机构回复了您的评价：%(title)s") % {"title": order.title})
    return review
