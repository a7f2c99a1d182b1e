"""Receiving a voucher, or sending it back; every scan leaves a row."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import may_act
from carriers.rules import know_standing, standing_of
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed
from innovation_voucher.casework.rules import require
from vouchers import services as vouchers
from vouchers.models import Voucher

from .. import rules
from ..models import Order, Scan
from .common import tell_enterprise

_TO_RECEIVE = ("organization", "region", "voucher__carrier__organization", "voucher__region", "voucher__snapshot")


@transaction.atomic
def receive_voucher(voucher: Voucher, *, by: User, road: str) -> Voucher:
    """The bound carrier receives an issued voucher, once. `road` is one of Scan.Road.

    Raises NotAllowed for another carrier's people, Refused when it was received before, has ended,
    is frozen, or the carrier may not receive now.
    """
    order = lock_for_receiving(voucher.code)
    if order is None:
        raise LookupError(f"voucher {voucher.code} has no order")
    return receive_locked(order, by=by, road=road)


def lock_for_receiving(code: str | None) -> Order | None:
    """The order of a voucher, with the voucher's row locked, and with all that receiving it looks at (one query).

    The carrier's standing comes along, for the rest of the request; None where there is no such voucher.
    """
    if code is None:
        return None
    rows = Order.objects.select_for_update(of=("voucher",), no_key=True).select_related(*_TO_RECEIVE)
    rows = rows.annotate(standing=standing_of("voucher__carrier", "voucher__region__path"))
    # Policies are known by their digest; their text is only read by who meets one for the first time.
    order = rows.defer("voucher__snapshot__data").filter(voucher__code=code).first()
    if order is not None and order.voucher is not None:
        order.voucher.organization = order.organization
        know_standing(order.voucher.carrier, order.voucher.region, getattr(order, "standing", ""))
    return order


@transaction.atomic
def receive_locked(order: Order, *, by: User, road: str) -> Voucher:
    """`receive_voucher` for what `lock_for_receiving` read in this transaction."""
    voucher = order.voucher
    assert voucher is not None, "it was found by its voucher"
    _require_right(voucher, by)
    vouchers.confirm_locked(voucher, by=by)
    audit.record("order.voucher_received", order, by=by, region=order.region, after={"road": road})
    title = _("机构已确认创新券 %(code)s") % {"code": voucher.code}
    tell_enterprise(order, "voucher.confirmed", title, sms=_("【创新券】%s。") % title)
    return voucher


@transaction.atomic
def return_voucher(voucher: Voucher, *, by: User, reason: str) -> Voucher:
    """The carrier sends back a voucher whose facts differ from the contract; its quota is free at once."""
    voucher = _locked(voucher, by)
    voucher = vouchers.return_by_carrier(voucher, by=by, reason=reason)
    order = _order_of(voucher)
    audit.record("order.voucher_returned", order, by=by, region=order.region, reason=reason)
    title = _("机构退回了创新券 %(code)s") % {"code": voucher.code}
    tell_enterprise(order, "voucher.returned_by_carrier", title, body=reason, sms=_("【创新券】%s。") % title)
    return voucher


def _locked(voucher: Voucher, by: User) -> Voucher:
    voucher = vouchers.lock_voucher(voucher)
    _require_right(voucher, by)
    return voucher


def _require_right(voucher: Voucher, by: User) -> None:
    require(may_act(by, voucher.carrier.organization), NotAllowed)
    require(rules.may_receive(by, voucher))


def _order_of(voucher: Voucher) -> Order:
    return Order.objects.select_for_update(of=("self",)).select_related("organization", "region").get(voucher=voucher)


def log_scan(*, voucher: Voucher | None, text: str, road: str, reason: str, user: User | None, address: str) -> Scan:
    """Keep a scan, whatever came of it."""
    return Scan.objects.create(
        voucher=voucher,
        text=text[:120],
        road=road,
        reason=reason,
        user=user,
        address=address,
        at=timezone.now(),
    )
