"""What the verbs of orders share: the lock, numbers, terms, estimates and who is told."""

from decimal import Decimal
from typing import cast

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people import people_of
from innovation_voucher.casework import calendar, deadlines, messaging, numbers
from innovation_voucher.lib.money import yuan
from vouchers.models import Programme
from vouchers.policy import Policy, subsidy
from vouchers.services import balance

from ..models import Order

DEFAULT_NUMBER = "DD{yyyymmdd}{seq4}"


def lock(order: Order) -> Order:
    """The order's fresh row, locked for this transaction, with what the rules look at."""
    return cast(
        "Order",
        Order.objects.select_for_update(of=("self",))
        .select_related("organization", "carrier__organization", "region", "programme", "snapshot", "voucher")
        .get(pk=order.pk),
    )


def order_number(programme: Programme | None, policy: Policy | None) -> str:
    """The next number of the programme's day, by the programme's pattern."""
    today = calendar.today()
    pattern = (policy.order_number if policy else None) or DEFAULT_NUMBER
    return numbers.formatted(pattern, day=today, key=f"order:{programme.pk if programme else 0}:{today}")


def start_term(order: Order, policy: Policy | None, act: str) -> None:
    """Start the deadline that the policy sets for `act`; none without a row."""
    term = policy.term(act) if policy else None
    if term:
        deadlines.start(
            order,
            act,
            days=term.days,
            unit=term.unit,
            remind_before=term.remind_before,
            on_expiry=term.on_expiry,
        )


def expected_subsidy(order: Order, policy: Policy | None, base: Decimal | None) -> Decimal | None:
    """What a voucher on `base` yuan would cover with the organization's balance of today."""
    if policy is None or base is None or order.programme is None:
        return None
    left = balance(order.organization, order.programme, day=calendar.today()).available
    return yuan(subsidy(policy, base, remaining=left).amount)


def tell_enterprise(
    order: Order, kind: str, title: str, *, body: str = "", sms: str | None = None, mark: str = ""
) -> None:
    """Message the people of the enterprise, with a link to its page of the order."""
    link = reverse("ent-order", args=[order.number])
    _tell(order, people_of(order.organization), kind, title, body, link, sms, mark)


def tell_carrier(
    order: Order, kind: str, title: str, *, body: str = "", sms: str | None = None, mark: str = ""
) -> None:
    """Message the people of the carrier, with a link to its page of the order."""
    link = reverse("carrier-booking", args=[order.number])
    _tell(order, people_of(order.carrier.organization), kind, title, body, link, sms, mark)


def _tell(
    order: Order,
    users: list[User],
    kind: str,
    title: str,
    body: str,
    link: str,
    sms: str | None,
    mark: str,
) -> None:
    messaging.notify(
        users, kind=kind, title=title, body=body, link=link, sms=sms, dedupe=f"{kind}:{order.number}:{mark}"
    )


def sms_line(order: Order, words: str) -> str:
    """A short message of at most 70 characters that says which order it is about."""
    return _("【创新券】%(words)s（订单 %(number)s）") % {"words": words, "number": order.number}
