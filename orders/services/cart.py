"""预约单: items are put in, counted and taken out. It moves neither money nor state, so nothing is recorded."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from accounts.rules import may_act
from carriers.models import Service
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import CartItem
from .booking import Item

KINDS = ("service", "instrument")
#: More of one item than this is a mistake of typing.
MOST = 9999


@transaction.atomic
def add_to_cart(organization: Organization, item: Item, *, by: User, quantity: int = 1) -> CartItem:
    """Put an item in at today's price; one that lies there already is counted up.

    Raises NotAllowed for strangers, Refused for what the organization cannot book at all.
    """
    require(may_act(by, organization), NotAllowed)
    require(rules.may_book(organization, item, with_voucher=False))
    kind = "service" if isinstance(item, Service) else "instrument"
    row, made = CartItem.objects.select_for_update().get_or_create(
        organization=organization, **{kind: item}, defaults={"added_by": by, "quantity": quantity, "price": item.price}
    )
    if not made:
        row.quantity, row.price = min(row.quantity + quantity, MOST), item.price
        row.save(update_fields=["quantity", "price"])
    return row


@transaction.atomic
def set_quantity(row: CartItem, *, by: User, quantity: int) -> CartItem:
    """So many of it; the price of today counts as seen. Refused where it was taken out meanwhile."""
    require(may_act(by, row.organization), NotAllowed)
    if not CartItem.objects.select_for_update().filter(pk=row.pk).exists():
        raise Refused(_("“%s”已不在预约单里，刷新页面后再办理。") % row.item.title)
    row.quantity, row.price = quantity, row.item.price
    row.save(update_fields=["quantity", "price"])
    return row


def cart_of(organization: Organization) -> list[CartItem]:
    """What lies in the cart with its items and carriers, one carrier after the other (one query)."""
    rows = organization.cart.select_related(
        *(f"{kind}__{of}" for kind in KINDS for of in ("carrier__organization", "category"))
    )
    return sorted(rows, key=lambda row: (row.item.carrier.name, row.pk))


@transaction.atomic
def empty_cart(organization: Organization, items: Iterable[Item], *, by: User) -> None:
    """Take out what was ordered."""
    wanted = list(items)
    for row in cart_of(organization):
        if row.item in wanted:
            remove_from_cart(row, by=by)


@transaction.atomic
def remove_from_cart(row: CartItem, *, by: User) -> None:
    """Take it out again."""
    require(may_act(by, row.organization), NotAllowed)
    row.delete()
