"""Lists of orders: the tabs with their conditions, and what every row of a page shows."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from innovation_voucher.casework import attachments
from innovation_voucher.casework.models import Deadline
from vouchers.models import Voucher
from vouchers.models.parameters import HoldAt

from .models import Order, Quote
from .rules import ENDED_ORDER, ENDED_VOUCHER, WAITING_VOUCHER
from .services import CONTRACT
from .statuses import shown

State = Order.State

#: Quota is taken at the redemption only: nothing is asked of the enterprise before.
_LATE = Q(snapshot__data__hold_at=HoldAt.REDEMPTION.value)
_UNUSED = Q(status=State.ACCEPTED, use_voucher=True, voucher=None) & ~_LATE
_ENDED = Q(status=State.ACCEPTED, voucher__status__in=ENDED_VOUCHER)
_UNRATED = Q(status=State.COMPLETED, review=None)
_QUOTED = Q(Exists(Quote.objects.filter(order=OuterRef("pk"), status=Quote.State.OFFERED)), status=State.PLACED)
_ENTERED = Q(status=State.PLACED, by_carrier=True)
_RETURNED = Q(status=State.ACCEPTED, voucher__status="returned")
#: What waits for the enterprise.
MINE = _QUOTED | _ENTERED | _UNUSED | _ENDED | _RETURNED | Q(status=State.DELIVERED) | _UNRATED
#: The carrier serves: no voucher stands in the way (any more), and the service is to be recorded.
_SERVED = Q(status=State.ACCEPTED) & (
    Q(use_voucher=False, voucher=None)
    | Q(_LATE, voucher=None)
    | Q(voucher__status__in=("confirmed", "redeeming", "paid"))
)
#: What waits for the carrier.
THEIRS = (
    (Q(status=State.PLACED, by_carrier=False) & ~_QUOTED)
    | Q(status=State.ACCEPTED, voucher__status=Voucher.State.ISSUED)
    | _SERVED
)
#: Both sides are still agreeing on price, contract and voucher.
TALKING = Q(status=State.PLACED) | _UNUSED | Q(status=State.ACCEPTED, voucher__status__in=WAITING_VOUCHER) | _ENDED
RUNNING = Q(status=State.DELIVERED) | _SERVED
OVER = Q(status__in=ENDED_ORDER)


def tallies(orders: QuerySet[Order], views: dict[str, Q]) -> dict[str, int]:
    """How many orders each view holds (one query).

    `aggregate()` would look for every count in all the others, which takes longer than the rest of the page's queries.
    """
    counted = {name: Count("pk", filter=condition, distinct=True) for name, condition in views.items()}
    row = orders.order_by().values(whole=Value(1)).annotate(**counted).values(*counted)
    return next(iter(row), dict.fromkeys(views, 0))


def with_shown(orders: QuerySet[Order]) -> list[Order]:
    """The orders with the status that people see (two queries: with the quotes, and the contracts of all)."""
    offered = Quote.objects.filter(order=OuterRef("pk"), status=Quote.State.OFFERED)
    rows: list[Any] = list(orders.annotate(quoted=Exists(offered)))
    files = attachments.files_for(rows)
    for order in rows:
        has_contract = any(file.key == CONTRACT for file in files[order.pk])
        order.shown_status = shown(order, has_contract=has_contract, quoted=order.quoted)
    return rows


def due_days(orders: Iterable[Order]) -> dict[int, date]:
    """The next due day of each order that has one (one query)."""
    kind = ContentType.objects.get_for_model(Order)
    ids = [order.pk for order in orders]
    rows = Deadline.objects.filter(subject_type=kind, subject_id__in=ids, closed_at=None).order_by("-due_on")
    return dict(rows.values_list("subject_id", "due_on"))
