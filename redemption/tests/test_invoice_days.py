"""When an invoice must have been issued: any day, in the scheme's year, or under the contract."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from redemption import invoice_days, services
from redemption.models import Invoice
from redemption.tests import factories
from vouchers.models import Voucher
from vouchers.resolve import policy_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-13")]


def add(voucher: Voucher, **values: Any) -> Invoice:
    facts = services.InvoiceFacts(**{"number": factories.invoice_number(), "amount": Decimal(18_000), **values})
    return services.add_invoice(voucher, by=factories.payee_of(voucher), facts=facts)


def paper(**values: Any) -> dict[str, Any]:
    """An invoice on paper, whose number tells no year."""
    return {"code": "033001900104", "number": "12345678", **values}


def make(organization: Organization, rule: str) -> Voucher:
    return factories.make_voucher(organization, factories.make_programme(invoice_dates=rule))


def test_any_day_until_today_passes(organization: Organization) -> None:
    voucher = make(organization, "any")
    assert add(voucher, **paper(issued_on=date(2019, 5, 1))).issued_on == date(2019, 5, 1)


def test_a_day_to_come_is_refused(organization: Organization) -> None:
    with pytest.raises(Refused, match="还没有到"):
        add(make(organization, "any"), issued_on=calendar.today() + timedelta(days=1))
    assert not Invoice.objects.exists()


@pytest.mark.parametrize("years", [1, 2])
def test_another_years_invoice_is_refused(organization: Organization, years: int) -> None:
    year = calendar.today().year - years
    with pytest.raises(Refused, match=f"是 {year} 年的，这项创新券只收 {year + years} 年开具的发票"):
        add(make(organization, "year"), **paper(issued_on=date(year, 12, 31)))
    assert not Invoice.objects.exists()


def test_the_first_day_of_the_year_passes(organization: Organization) -> None:
    first = calendar.today().replace(month=1, day=1)
    assert add(make(organization, "year"), **paper(issued_on=first)).issued_on == first


def test_a_digital_number_tells_its_year_where_no_day_is_asked(organization: Organization) -> None:
    voucher = make(organization, "year")
    year = calendar.today().year
    with pytest.raises(Refused, match=f"是 {year - 1} 年的"):
        add(voucher, number=f"{(year - 1) % 100:02d}" + "3" * 18)
    assert add(voucher, number=f"{year % 100:02d}" + "3" * 18).organization == organization


def test_a_paper_number_without_a_day_tells_nothing_and_passes(organization: Organization) -> None:
    assert add(make(organization, "year"), **paper()).number == "12345678"


def test_before_the_contract_was_signed_is_refused(organization: Organization) -> None:
    voucher = make(organization, "contract_term")
    signed = calendar.today() - timedelta(days=30)
    # Not saved: the facts of an issued voucher never change.
    voucher.contract_date = signed
    order, policy = voucher.order, policy_of(voucher.snapshot)
    with pytest.raises(Refused, match="早于合同签订日期"):
        invoice_days.require_in_time(policy, order, "12345678", signed - timedelta(days=1))
    invoice_days.require_in_time(policy, order, "12345678", signed)
