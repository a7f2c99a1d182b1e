"""Invoices that two claim at once, and the trigger that stands behind the locked check."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from innovation_voucher.casework import invariants
from innovation_voucher.tests import cast
from redemption.models import Invoice, InvoiceAllocation
from redemption.tests import factories, gathered
from redemption.tests.test_races import at_once, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.feature("YRD-13")]


def test_two_orders_never_share_more_than_the_invoice_at_once() -> None:
    organization, programme = cast.enterprise(), gathered.make_programme()
    orders = [gathered.make_order(organization, programme) for _index in range(2)]
    number, by = factories.invoice_number(), cast.owner_of(organization)
    answers = at_once(*(lambda o=order: gathered.invoice(o, 5_999, number, by=by) for order in orders))
    assert refused(answers) == 1
    assert InvoiceAllocation.objects.get().amount == Decimal(3_000)
    assert invariants.broken() == {}


def test_two_invoices_never_stand_behind_one_order_at_once() -> None:
    organization, programme = cast.enterprise(), gathered.make_programme()
    order, by = gathered.make_order(organization, programme), cast.owner_of(organization)
    answers = at_once(*(lambda: gathered.invoice(order, 3_000, by=by) for _index in range(2)))
    assert refused(answers) == 1
    assert (Invoice.objects.count(), InvoiceAllocation.objects.count()) == (1, 1)


def test_the_database_refuses_shares_beyond_the_invoice() -> None:
    organization, programme = cast.enterprise(), gathered.make_programme()
    one, other = (gathered.make_order(organization, programme) for _index in range(2))
    invoice = gathered.invoice(one, 5_000)
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        InvoiceAllocation.objects.create(invoice=invoice, order=other, amount=Decimal("2000.01"))
    InvoiceAllocation.objects.create(invoice=invoice, order=other, amount=Decimal(2_000))
    with pytest.raises(IntegrityError, match="at most its amount"), transaction.atomic():
        InvoiceAllocation.objects.filter(order=other).update(amount=Decimal(2_001))
    assert sum(InvoiceAllocation.objects.values_list("amount", flat=True)) == 5_000
