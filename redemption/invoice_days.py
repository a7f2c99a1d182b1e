"""When an invoice must have been issued."""

from datetime import date

from django.utils.translation import gettext as _

from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from orders.models import Order
from vouchers.models.parameters import InvoiceDates
from vouchers.policy import Policy

#: A fully digital invoice begins with the last two digits of its year.
_DIGITAL = 20


def require_in_time(policy: Policy, order: Order, number: str, issued_on: date | None) -> None:
    """Refused for an invoice of a day to come, of another year than the scheme's, or from before the contract."""
    if issued_on is not None and issued_on > calendar.today():
        raise Refused(_("开票日期 %(day)s 还没有到，对照发票核对。") % {"day": issued_on}, "issued_on")
    if policy.invoice_dates == InvoiceDates.YEAR:
        _require_year(order, number, issued_on)
    elif policy.invoice_dates == InvoiceDates.CONTRACT_TERM:
        _require_after_contract(order, issued_on)


def _require_year(order: Order, number: str, issued_on: date | None) -> None:
    programme, year = order.programme, _year(number, issued_on)
    if programme is None or year is None or year == programme.year:
        return
    words = _("发票 %(number)s 是 %(found)s 年的，这项创新券只收 %(wanted)s 年开具的发票。")
    raise Refused(words % {"number": number, "found": year, "wanted": programme.year}, "issued_on")


def _year(number: str, issued_on: date | None) -> int | None:
    """The year of an invoice as far as it can be told."""
    if issued_on is not None:
        return issued_on.year
    return 2000 + int(number[:2]) if len(number) == _DIGITAL else None


def _require_after_contract(order: Order, issued_on: date | None) -> None:
    signed = order.voucher.contract_date if order.voucher is not None else None
    if signed is None or issued_on is None or issued_on >= signed:
        return
    words = _("开票日期 %(day)s 早于合同签订日期 %(signed)s，合同期内的发票才能使用。")
    raise Refused(words % {"day": issued_on, "signed": signed}, "issued_on")
