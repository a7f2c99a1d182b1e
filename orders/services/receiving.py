"""Receiving a voucher, or sending it back; every scan leaves a row."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.rules import require
from vouchers import services as vouchers
from vouchers.models import Voucher

from .. import rules
from ..models import Order, Scan
from .common import tell_enterprise


@transaction.atomic
def receive_voucher(voucher: Voucher, *, by: User, road: str) -> Voucher:
    """The bound carrier receives an issued voucher, once. `road` is one of Scan.Road.

    Raises Refused when it was received before, has ended, is frozen, or is another carrier's.
    """
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_receive(by, voucher))
    voucher = vouchers.confirm_voucher(voucher, by=by)
    order = Order.objects.select_for_update(of=("self",)).get(voucher=voucher)
    audit.record("order.voucher_received", order, by=by, region=order.region, after={"road": road})
    tell_enterprise(order, "voucher.confirmed", _("机构已确认创新券 %(code)s") % {"code": voucher.code})
    return voucher


@transaction.atomic
def return_voucher(voucher: Voucher, *, by: User, reason: str) -> Voucher:
    """The carrier sends back a voucher whose facts differ from the contract; its quota is free at once."""
    voucher = vouchers.lock_voucher(voucher)
    require(rules.may_receive(by, voucher))
    voucher = vouchers.return_by_carrier(voucher, by=by, reason=reason)
    order = Order.objects.select_for_update(of=("self",)).get(voucher=voucher)
    audit.record("order.voucher_returned", order, by=by, region=order.region, reason=reason)
    tell_enterprise(
        order,
        "voucher.returned_by_carrier",
        _("机构退回了创新券 %(code)s") % {"code": voucher.code},
        body=reason,
    )
    return voucher


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
