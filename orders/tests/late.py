"""Worlds of the schemes whose quota is not taken when a voucher is asked for."""

from decimal import Decimal
from typing import Any

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Chain, ChainStep, Office, ReviewTask
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.factories import World, booking, make_world
from vouchers.models import QuotaAccount, Voucher

CHAIN = "amount-test"
ASKED = (
    {"stage": "order", "key": "project", "type": "text", "label": "项目名称"},
    {"stage": "order", "key": "result", "type": "long_text", "label": "预计成效", "required": False},
)
#: 通兑: the carrier accepts, the region confirms the amount, the carrier redeems.
REGION: dict[str, Any] = {
    "hold_at": "region_confirms",
    "use_chain": CHAIN,
    "confirmation": "order_and_amount",
    "cancel_until": "carrier_accepts",
    "redeemer": "carrier",
    "redeem_from": "delivered",
    "consent": "enterprise_agrees",
    "subsidy_tiers": [["0", "0.5"]],
    "rounding_mode": "down",
}
#: 通用: quota is taken in the moment of the redemption, on an order that is merely placed.
LATE: dict[str, Any] = {
    "hold_at": "redemption",
    "confirmation": "none",
    "cancel_until": "carrier_accepts",
    "redeemer": "enterprise",
    "redeem_from": "placed",
    "subsidy_tiers": [["0", "0.5"]],
    "rounding_mode": "down",
}


def make_chain() -> None:
    """One step: the region's bureau sets the amount."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "创新券核额"})
    if made:
        ChainStep.objects.create(
            chain=chain, position=1, name="核定券额", office_kind="bureau", right="review_use", may_lower=True
        )


def region_world(**parameters: Any) -> World:
    """The carrier's acceptance sends the order to the region; no contract is looked at before."""
    make_chain()
    return make_world(contract=False, **{"fields": ASKED, **REGION, **parameters})


def late_world(**parameters: Any) -> World:
    """Nothing is held before the redemption."""
    return make_world(contract=False, **{**LATE, **parameters})


def place(world: World, *, voucher: bool = True, **changes: Any) -> Order:
    """Booked by the enterprise, with its answers."""
    answers = {"project": "高温合金叶片", "result": "寿命提高两成"}
    return services.place_order(
        organization=world.enterprise,
        programme=world.programme if voucher else None,
        booking=booking(world, answers=answers if voucher else {}, **changes),
        by=world.owner,
    )


def accept(world: World, order: Order, amount: int | str = 6_000) -> Order:
    """The carrier takes it at this price."""
    return services.accept_order(order, by=world.seller, amount=Decimal(amount), promised_on=None)


def officer(region: str = cast.COUNTY) -> User:
    """Confirms amounts in the county."""
    return cast.make_officer(region, "review_use", "view_cases")


def decide(by: User, decision: str = "approve", **words: Any) -> Voucher:
    """The region decides the open step; the only voucher as it then stands."""
    task = ReviewTask.objects.get(status="open")
    reviews.decide(task, by=by, office=Office.objects.get(group__user=by), decision=decision, **words)
    return Voucher.objects.latest("pk")


def fresh(order: Order) -> Order:
    """The order as it stands in the database."""
    found: Order = Order.objects.select_related("voucher", "snapshot", "service").get(pk=order.pk)
    return found


def bucket(world: World, name: str = "available") -> Decimal:
    """What stands in a bucket of the enterprise's only account, yuan."""
    return Decimal(getattr(QuotaAccount.objects.get(organization=world.enterprise), name))
