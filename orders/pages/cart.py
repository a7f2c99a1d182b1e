"""What lies in the cart, one group per carrier, with what has changed since it was put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from accounts.models import Organization
from carriers.models import Carrier
from vouchers.policy import plain

from .. import rules
from ..models import CartItem
from ..services import cart_of


@dataclass(frozen=True)
class Row:
    """One item: `withdrawn` says why it cannot be booked any more, `changed` what its price was."""

    item: CartItem
    withdrawn: str
    changed: str

    @property
    def subtotal(self) -> Decimal | None:
        price = self.item.item.price
        return None if price is None else price * self.item.quantity


@dataclass(frozen=True)
class Group:
    """The items of one carrier: one order, one contract."""

    carrier: Carrier
    rows: list[Row]

    @property
    def ready(self) -> bool:
        return not any(row.withdrawn for row in self.rows)

    @property
    def total(self) -> Decimal | None:
        known = [row.subtotal for row in self.rows if row.subtotal is not None]
        return sum(known, Decimal(0)) if len(known) == len(self.rows) else None


def groups_of(organization: Organization) -> Iterator[Group]:
    """The cart by carriers."""
    for carrier, rows in groupby(cart_of(organization), key=lambda row: row.item.carrier):
        yield Group(carrier, [_row(organization, row) for row in rows])


def _row(organization: Organization, row: CartItem) -> Row:
    allowed, reason = rules.may_book(organization, row.item, with_voucher=False)
    return Row(row, "" if allowed else reason, _changed(row))


def _changed(row: CartItem) -> str:
    now = row.item.price
    if now == row.price:
        return ""
    words = {"was": _price(row.price), "now": _price(now)}
    return _("价格有变：加入时 %(was)s，现在 %(now)s") % words


def _price(amount: Decimal | None) -> str:
    return _("面议") if amount is None else _("%s 元") % plain(amount)
