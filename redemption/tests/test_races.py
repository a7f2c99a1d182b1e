"""Two at once on a real database: one wins, the other is told, no yuan is counted twice."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from innovation_voucher.casework import invariants, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import (
    Invoice,
    InvoiceAllocation,
    PaymentLine,
    Redemption,
    RedemptionLine,
    SettlementBatch,
)
from redemption.tests import agency, factories
from vouchers.models import LedgerEntry, QuotaAccount

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Start all calls together; what each answered, or the refusal that it met."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)

    def run(index: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            answers[index] = call()
        except Exception as error:  # noqa: BLE001  the test looks at it
            answers[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def refused(answers: list[Any]) -> int:
    """How many met a refusal; any other error fails the test."""
    errors = [answer for answer in answers if isinstance(answer, Exception)]
    assert all(isinstance(error, Refused) for error in errors), errors
    return len(errors)


def test_two_batches_frozen_at_once_never_hold_the_same_redemption() -> None:
    programme = factories.make_programme()
    factories.payable(programme=programme)
    people = [factories.settler("甲制单"), factories.settler("乙制单")]
    drafts = [factories.draft(person, programme) for person in people]
    answers = at_once(
        *(
            lambda b=batch, p=person: services.freeze_batch(b, by=p, typed_total=Decimal(14_000))
            for batch, person in zip(drafts, people, strict=True)
        )
    )
    assert refused(answers) == 1
    assert PaymentLine.objects.filter(live=True).count() == 1
    assert LedgerEntry.objects.filter(kind="freeze").count() == 1
    assert sorted(SettlementBatch.objects.values_list("status", flat=True)) == ["draft", "frozen"]
    assert invariants.broken() == {}


def test_the_same_batch_frozen_twice_at_once_is_frozen_once() -> None:
    programme, settler = factories.make_programme(), factories.settler()
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme)
    freeze = lambda: services.freeze_batch(batch, by=settler, typed_total=Decimal(14_000))  # noqa: E731  said twice
    assert refused(at_once(freeze, freeze)) == 1
    assert QuotaAccount.objects.get().in_batch == Decimal(14_000)
    assert invariants.broken() == {}


def test_handing_in_twice_at_once_makes_one_redemption() -> None:
    voucher = factories.ready()
    by = factories.payee_of(voucher)
    submit = lambda: services.submit_voucher(voucher, by=by)  # noqa: E731  said twice
    assert refused(at_once(submit, submit)) == 1
    assert Redemption.objects.count() == 1
    assert invariants.broken() == {}


def test_withdrawn_and_agreed_to_at_once_is_one_of_both() -> None:
    redemption = factories.submitted()
    by, officer = cast.owner_of(redemption.payee), factories.officer()
    task = factories.case_of(redemption).tasks.get(status="open")
    answers = at_once(
        lambda: services.withdraw_redemption(redemption, by=by),
        lambda: reviews.decide(task, by=officer, office=None, decision="approve"),
    )
    assert refused(answers) == 1
    found = Redemption.objects.get()
    held = QuotaAccount.objects.get().held
    assert (found.status, held) in (("withdrawn", Decimal(14_000)), ("payable", Decimal(14_000)))
    assert invariants.broken() == {}


def test_withdrawn_and_sent_again_at_once_does_not_lock_up() -> None:
    redemption = factories.returned()
    by = cast.owner_of(redemption.payee)
    answers = at_once(
        lambda: services.withdraw_redemption(redemption, by=by),
        lambda: services.resubmit_redemption(redemption, by=by),
    )
    # Sent again first, it may still be withdrawn; withdrawn first, it cannot be sent again.
    assert refused(answers) in (0, 1)
    assert Redemption.objects.get().status == "withdrawn"
    assert invariants.broken() == {}


@pytest.mark.feature("X-7")
def test_the_same_invoice_typed_by_two_enterprises_at_once_belongs_to_one() -> None:
    programme = factories.make_programme()
    rows = [factories.make_voucher(cast.enterprise(), programme), factories.make_voucher(cast.rival(), programme)]
    facts = services.InvoiceFacts(number=factories.invoice_number(), amount=Decimal(18_000))
    answers = at_once(*(lambda v=row: services.add_invoice(v, by=factories.payee_of(v), facts=facts) for row in rows))
    assert refused(answers) == 1
    assert (Invoice.objects.count(), InvoiceAllocation.objects.count()) == (1, 1)


def test_the_banks_answer_read_twice_at_once_pays_once() -> None:
    programme, settler = factories.make_programme(), factories.settler()
    factories.payable(programme=programme)
    batch = factories.exported(settler, factories.countersigner(), programme)
    rows = factories.paid_rows(batch)
    answers = at_once(*(lambda: factories.import_rows(batch, settler, rows) for _time in range(2)))
    assert sorted((answer.paid, answer.known) for answer in answers) == [(0, 1), (1, 0)]
    assert QuotaAccount.objects.get().spent == Decimal(14_000)
    assert invariants.broken() == {}


@pytest.mark.feature("ZO-13")
def test_two_third_parties_that_open_at_once_make_one_redemption() -> None:
    voucher = agency.served(agency.make_programme())
    people = [agency.agent("甲发起"), agency.agent("乙发起")]
    answers = at_once(*(lambda p=person: agency.opened(voucher, p) for person in people))
    assert refused(answers) == 1
    assert Redemption.objects.count() == 1
    assert RedemptionLine.objects.filter(live=True).count() == 1
    assert invariants.broken() == {}


@pytest.mark.feature("ZO-13")
def test_a_draft_submitted_and_given_up_at_once_is_one_of_both() -> None:
    redemption, by = agency.opened(agency.served(agency.make_programme())), agency.agent("乙")
    answers = at_once(
        lambda: services.submit_opened(redemption, by=by),
        lambda: services.withdraw_redemption(redemption, by=by),
    )
    # Handed in first, it may still be taken back before a step agreed.
    assert refused(answers) in (0, 1)
    assert Redemption.objects.get().status == "withdrawn"
    assert invariants.broken() == {}
