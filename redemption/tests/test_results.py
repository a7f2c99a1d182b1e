"""The bank's answer: matched, sent back, unknown, twice; and the batch reconciled."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum

from accounts.services import change_bank_account
from innovation_voucher.casework import attachments, calendar, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Message
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Payment, PaymentLine, Redemption, SettlementBatch
from redemption.tests import factories
from vouchers.models import Programme, QuotaAccount, Voucher

pytestmark = pytest.mark.django_db


class World:
    """Three enterprises whose payments stand in one exported batch."""

    def __init__(self) -> None:
        self.programme: Programme = factories.make_programme()
        self.rows = [factories.payable(programme=self.programme) for _index in range(3)]
        self.settler, self.second = factories.settler(), factories.countersigner()
        self.batch = factories.exported(self.settler, self.second, self.programme)

    def answer(self, rows: list[list[Any]], kind: str = "xlsx") -> services.Results:
        return factories.import_rows(self.batch, self.settler, rows, kind)

    def states(self) -> list[str]:
        return list(self.batch.payments.order_by("reference").values_list("status", flat=True))


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    return World()


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def spent() -> Decimal:
    found: Decimal = QuotaAccount.objects.aggregate(total=Sum("spent"))["total"]
    return found


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_the_bank_has_paid_is_spent(kind: str, world: World) -> None:
    results = world.answer(factories.paid_rows(world.batch), kind)
    assert (results.paid, results.failed, results.known, results.problems) == (3, 0, 0, [])
    assert world.states() == ["paid"] * 3
    assert set(Redemption.objects.values_list("status", flat=True)) == {"paid"}
    assert set(Voucher.objects.values_list("status", "paid_amount")) == {("paid", Decimal("14000.00"))}
    assert spent() == Decimal(42_000)
    assert Payment.objects.filter(bank_reference="YH000000").exists()
    assert invariants.broken() == {}


def test_what_was_sent_back_is_held_again_and_its_payee_is_told(world: World) -> None:
    results = world.answer(factories.paid_rows(world.batch, failed=1))
    assert (results.paid, results.failed) == (2, 1)
    redemption = Redemption.objects.get(status="payable")
    assert redemption.failure == "账号与户名不符"
    voucher = Voucher.objects.get(lines__redemption=redemption)
    assert (voucher.status, voucher.held, voucher.in_batch) == ("redeeming", Decimal(14_000), 0)
    message = Message.objects.get(kind="redemption.sent_back")
    assert message.user == cast.owner_of(redemption.payee)
    assert "请更新收款账户" in message.title
    assert spent() == Decimal(28_000)
    assert invariants.broken() == {}


def test_what_was_sent_back_goes_into_the_next_batch_to_the_new_account(world: World) -> None:
    world.answer(factories.paid_rows(world.batch, failed=1))
    services.reconcile_batch(world.batch, by=world.settler)
    payee = Redemption.objects.get(status="payable").payee
    owner = cast.owner_of(payee)
    change_bank_account(payee, holder=payee.name, bank="云帆银行", number="6222020000000008888", by=owner)

    batch = factories.exported(world.settler, world.second, world.programme)
    payment = batch.payments.get()
    assert (batch.total, payment.last_four) == (Decimal(14_000), "8888")
    factories.import_rows(batch, world.settler, factories.paid_rows(batch))
    redemption = Redemption.objects.get(payee=payee)
    assert (redemption.status, redemption.failure) == ("paid", "")
    assert list(PaymentLine.objects.filter(redemption=redemption).order_by("id").values_list("live", flat=True)) == [
        False,
        True,
    ]
    assert invariants.broken() == {}


def test_what_was_sent_back_comes_into_the_next_period_too(world: World) -> None:
    world.answer(factories.paid_rows(world.batch, failed=1))
    later = calendar.today() + timedelta(days=40)
    batch = services.create_batch(
        programme=world.programme,
        region=cast.make_region("330000"),
        period_from=later,
        period_to=later + timedelta(days=30),
        by=world.settler,
    )
    assert [row.amount for row in services.preview_of(batch).included] == [Decimal(14_000)]


def test_the_same_file_twice_changes_nothing_more(world: World) -> None:
    rows = factories.paid_rows(world.batch, failed=1)
    world.answer(rows)
    before = spent()
    results = world.answer(rows)
    assert (results.paid, results.failed, results.known, results.problems) == (0, 0, 3, [])
    assert spent() == before
    assert Message.objects.filter(kind="redemption.paid").count() == 2
    assert len(attachments.files(world.batch, "results")) == 2


def test_a_row_that_says_the_contrary_of_an_earlier_one_is_named(world: World) -> None:
    rows = factories.paid_rows(world.batch)
    world.answer(rows)
    rows[0][2] = "退回"
    results = world.answer(rows)
    assert results.problems == [(2, "这一笔已登记为“已拨付”")]
    assert world.states() == ["paid"] * 3


def test_a_blank_row_is_counted_and_says_nothing(world: World) -> None:
    rows = factories.paid_rows(world.batch)
    rows[1][0] = "JS-1"
    results = world.answer([rows[0], [""] * 5, *rows[1:]], "csv")
    assert results.problems == [(4, "流水号“JS-1”不在本批次")]
    assert world.states() == ["paid", "sent", "paid"]


# (what is changed in the first row, what is said of it)
STRANGE = [
    ((0, "JS-2026-999999-0001"), "流水号“JS-2026-999999-0001”不在本批次"),
    ((0, ""), "流水号“”不在本批次"),
    ((1, "13999.99"), "金额 13,999.99 与系统 14,000.00 不一致"),
    ((1, "一万四"), "金额只写数字，如 18,000.00"),
    ((1, "-14000"), "金额只写数字，如 18,000.00"),
    ((2, "处理中"), "结果“处理中”无法识别，应为 成功 或 退回"),
    ((2, ""), "结果“”无法识别，应为 成功 或 退回"),
]


@pytest.mark.parametrize(("change", "words"), STRANGE)
def test_a_strange_row_is_named_and_the_others_are_applied(change: tuple[int, str], words: str, world: World) -> None:
    rows = factories.paid_rows(world.batch)
    rows[0][change[0]] = change[1]
    results = world.answer(rows, "csv")
    assert results.problems == [(2, words)]
    assert (results.paid, world.states()) == (2, ["sent", "paid", "paid"])
    assert spent() == Decimal(28_000)
    assert services.last_results(world.batch)["problems"] == [[2, words]]  # type: ignore[index]


def test_a_payment_of_another_batch_is_unknown_here(world: World) -> None:
    factories.payable(programme=world.programme)
    other = factories.exported(world.settler, world.second, world.programme)
    results = world.answer(factories.paid_rows(other))
    assert len(results.problems) == 1
    assert other.payments.get().status == "sent"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "x.csv"),
        (b"PK\x03\x04broken", "x.xlsx"),
        (b"\xff\xfe\x00\x00", "x.csv"),
        ("甲,乙\n1,2\n".encode(), "x.csv"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_whole(content: bytes, name: str, world: World) -> None:
    with pytest.raises(Refused):
        services.import_results(world.batch, by=world.settler, name=name, data=BytesIO(content))
    assert world.states() == ["sent"] * 3
    assert attachments.files(world.batch, "results") == []


def test_columns_that_are_missing_are_named(world: World) -> None:
    data = BytesIO("流水号,备注\nA,B\n".encode())
    with pytest.raises(Refused, match="缺少：结果、金额"):
        services.import_results(world.batch, by=world.settler, name="x.csv", data=data)


@pytest.mark.parametrize("state", ["draft", "frozen"])
def test_before_the_export_there_is_nothing_to_import(state: str) -> None:
    programme, settler = factories.make_programme(), factories.settler()
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme) if state == "draft" else factories.frozen(settler, programme)
    with pytest.raises(Refused, match="导出银行文件之后"):
        factories.import_rows(batch, settler, [["x", 1, "成功", "", ""]])


def test_others_do_not_import(world: World) -> None:
    for person in (world.second, factories.officer(), factories.settler(region_code="320000")):
        with pytest.raises(NotAllowed):
            factories.import_rows(world.batch, person, factories.paid_rows(world.batch))
    assert world.states() == ["sent"] * 3


def test_only_a_batch_that_is_answered_whole_is_reconciled(world: World) -> None:
    world.answer(factories.paid_rows(world.batch)[:2])
    totals = services.totals(world.batch)
    assert (totals.system, totals.answered, totals.waiting, totals.difference) == (
        Decimal(42_000),
        Decimal(28_000),
        Decimal(14_000),
        Decimal(14_000),
    )
    with pytest.raises(Refused, match=r"还有 14,000\.00 元没有银行结果"):
        services.reconcile_batch(world.batch, by=world.settler)
    assert SettlementBatch.objects.get().status == "exported"


def test_paid_and_sent_back_together_are_the_total(world: World) -> None:
    world.answer(factories.paid_rows(world.batch, failed=2))
    totals = services.totals(world.batch)
    assert (totals.paid, totals.failed, totals.difference) == (Decimal(14_000), Decimal(28_000), Decimal(0))
    services.reconcile_batch(world.batch, by=world.settler)
    assert SettlementBatch.objects.get().status == "reconciled"
    with pytest.raises(Refused, match="不能核对"):
        services.reconcile_batch(world.batch, by=world.settler)


def test_others_do_not_reconcile(world: World) -> None:
    world.answer(factories.paid_rows(world.batch))
    with pytest.raises(NotAllowed):
        services.reconcile_batch(world.batch, by=world.second)
    assert SettlementBatch.objects.get().status == "exported"


def test_two_redemptions_of_one_payee_are_paid_by_one_transfer() -> None:
    programme, organization = factories.make_programme(), cast.enterprise()
    for _index in range(2):
        factories.payable(organization, programme)
    settler = factories.settler()
    batch = factories.exported(settler, factories.countersigner(), programme)
    results = factories.import_rows(batch, settler, factories.paid_rows(batch))
    assert results.paid == 1
    assert list(Redemption.objects.values_list("status", flat=True)) == ["paid", "paid"]
    assert invariants.broken() == {}
