"""A world whose scheme asks for the voucher with the order: a quarter of the price, held when it is placed."""

from decimal import Decimal
from typing import Any

from orders import services
from orders.models import Order
from orders.tests.factories import World, booking, make_world
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import Balance, balance

#: As the scheme of scenario 2 has it.
RULES: dict[str, Any] = {
    "subsidy_tiers": [["0", "0.25"]],
    "rounding_step": Decimal(1),
    "rounding_mode": "down",
    "hold_at": "order_placed",
    "cancel_until": "redemption_submitted",
    "confirmation": "order_accepted",
    "redeemer": "enterprise",
    "offline_use": "no",
    "redeem_from": "accepted",
    "order_number": "CXQ{yyyymmdd}{seq4}",
}


def make_ordered(*, quota: int = 100_000, price: int | None = 15_000, **parameters: Any) -> World:
    """The story of both sides under such a scheme; the service costs `price` yuan."""
    world = make_world(quota=quota, **{**RULES, **parameters})
    world.service.price = None if price is None else Decimal(price)
    world.service.save(update_fields=["price"])
    return world


def place(world: World, **changes: Any) -> Order:
    """Book with a voucher."""
    return services.place_order(
        organization=world.enterprise, programme=world.programme, booking=booking(world, **changes), by=world.owner
    )


def accept(world: World, order: Order, amount: int | str = 15_000) -> Order:
    """The carrier takes it."""
    return services.accept_order(order, by=world.seller, amount=Decimal(amount), promised_on=None)


def quote(world: World, order: Order, amount: int | str, **more: Any) -> Any:
    """The carrier offers a price."""
    return services.offer_quote(order, by=world.seller, offer=services.Offer(amount=Decimal(amount), **more))


def left(world: World) -> Balance:
    """The buckets now, yuan."""
    return balance(world.enterprise, world.programme)


def buckets(world: World) -> tuple[int, int, int]:
    """available, held, lapsed."""
    found = left(world)
    return int(found.available), int(found.held), int(found.lapsed)


def voucher_of(order: Order) -> Voucher:
    """The order's voucher as it stands in the database."""
    return Voucher.objects.get(order=order)


def account_of(world: World) -> QuotaAccount:
    """The one account of the enterprise."""
    return QuotaAccount.objects.get(organization=world.enterprise)
