"""What the verbs of orders share: the lock, numbers, estimates and who is told."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.services.organizations import people_of
from innovation_voucher.casework import calendar, messaging, numbers, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import Answer, require
from vouchers.models import Programme
from vouchers.policy import Policy, Subsidy, subsidy
from vouchers.resolve import policy_of
from vouchers.services import lock_voucher, locked_accounts, quota_left

from ..models import Order

DEFAULT_NUMBER = "DD{yyyymmdd}{seq4}"

Side = Callable[[Any, Order], Answer]


def lock(order: Order) -> Order:
    """The order's fresh row, locked for this transaction, with what the rules look at."""
    return (
        Order.objects.select_for_update(of=("self",))
        .select_related(
            "organization__region",
            "carrier__organization",
            "region",
            "programme",
            "snapshot",
            "voucher",
            "service__category",
            "instrument__category",
        )
        .get(pk=order.pk)
    )


def lock_for(order: Order, side: Side, by: User) -> Order:
    """The locked order for a person of that side; NotAllowed for everybody else."""
    fresh = lock(order)
    require(side(by, fresh), NotAllowed)
    return fresh


def lock_behind_voucher(order: Order) -> Order:
    """The order's fresh row, locked behind its voucher's review, its scheme's accounts and the voucher."""
    found = Order.objects.select_related("voucher", "organization").get(pk=order.pk)
    if found.voucher is not None:
        reviews.lock_case_of(found.voucher)
    if found.programme_id is not None:
        locked_accounts(found.organization, [found.programme_id])
    if found.voucher is not None:
        lock_voucher(found.voucher)
    fresh = lock(order)
    if fresh.voucher_id != found.voucher_id:
        raise Refused(_("订单刚刚有了变化，请刷新页面查看最新进展。"))
    return fresh


def lock_with_voucher(order: Order, side: Side, by: User) -> Order:
    """`lock_behind_voucher` for a person of that side; NotAllowed for everybody else."""
    fresh = lock_behind_voucher(order)
    require(side(by, fresh), NotAllowed)
    return fresh


def order_policy(order: Order) -> Policy | None:
    """The policy under which the order was placed; None for one without a scheme."""
    return policy_of(order.snapshot) if order.snapshot else None


def order_number(policy: Policy | None) -> str:
    """The next number by the scheme's pattern, counted anew each day (or month, where it names no day).

    Schemes that write the same pattern share the count.
    """
    pattern = (policy.order_number if policy else None) or DEFAULT_NUMBER
    midnight = timezone.localtime(calendar.now()).replace(hour=0, minute=0)
    today = numbers.formatted(pattern, day=midnight, seq=0)
    return numbers.formatted(pattern, day=calendar.now(), seq=numbers.next_number(f"order:{today}"))


def expected(
    organization: Organization, programme: Programme, policy: Policy, base: Decimal, *, held: Decimal | None = None
) -> Subsidy:
    """What a voucher on `base` yuan would cover with the organization's balance of today, in words.

    `held` is what the voucher holds already, yuan.
    """
    left = quota_left(organization, programme, policy, day=calendar.today())
    return subsidy(policy, base, remaining=None if left is None else left + (held or 0))


def tell_enterprise(order: Order, kind: str, title: str, *, body: str = "", sms: str = "", mark: str = "") -> None:
    """Message the people of the enterprise, with a link to its page of the order."""
    link = reverse("ent-order", args=[order.number])
    _tell(order.organization, f"{kind}:{order.number}:{mark}", kind, title, body, link, sms)


def tell_carrier(order: Order, kind: str, title: str, *, body: str = "", sms: str = "", mark: str = "") -> None:
    """Message the people of the carrier, with a link to its page of the order."""
    link = reverse("carrier-booking", args=[order.number])
    _tell(order.carrier.organization, f"{kind}:{order.number}:{mark}", kind, title, body, link, sms)


def _tell(to: Organization, dedupe: str, kind: str, title: str, body: str, link: str, sms: str) -> None:
    messaging.notify(people_of(to), kind=kind, title=title, body=body, link=link, sms=sms or None, dedupe=dedupe)
