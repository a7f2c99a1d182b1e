"""Settlement batches: what goes in, who may do what, and that no amount ever differs."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.models import BankAccount
from innovation_voucher.casework import attachments, calendar, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.lib import spreadsheets
from innovation_voucher.tests import cast
from redemption import services
from redemption.models import Payment, PaymentLine, Redemption, SettlementBatch
from redemption.tests import factories
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.services import terminate_voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    return factories.make_programme()


@pytest.fixture
def settler(programme: Programme) -> Any:
    return factories.settler()


@pytest.fixture
def second(programme: Programme) -> Any:
    return factories.countersigner()


def fresh(batch: SettlementBatch) -> SettlementBatch:
    return SettlementBatch.objects.get(pk=batch.pk)


def untouched(batch: SettlementBatch) -> bool:
    """Still a draft without payments, and no quota in any batch."""
    found = fresh(batch)
    accounts = QuotaAccount.objects.aggregate(total=Sum("in_batch"))["total"]
    return (found.status, found.total, accounts or 0) == ("draft", 0, 0) and not Payment.objects.exists()


# --- What goes in -------------------------------------------------------------------------------


def test_a_preview_takes_what_is_payable_and_sums_it(programme: Programme, settler: Any) -> None:
    organization = cast.enterprise()
    rows = [factories.payable(organization, programme), factories.payable(organization, programme)]
    rows.append(factories.payable(cast.rival(), programme, contract=8_000))
    found = services.preview_of(factories.draft(settler, programme))
    assert [row.redemption for row in found.included] == rows
    assert found.total == Decimal("36000.00")
    assert [(g.count, g.total) for g in found.by_payee] == [(2, Decimal(28_000)), (1, Decimal(8_000))]
    assert [(g.count, g.total) for g in found.by_region] == [(3, Decimal(36_000))]


def test_other_regions_schemes_and_months_stay_out(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    factories.payable(programme=factories.make_programme(kind="B"))
    batch = factories.draft(settler, programme)
    assert len(services.preview_of(batch).included) == 1
    elsewhere = cast.make_region(cast.OTHER_COUNTY)
    assert services.preview_of(factories.draft(settler, programme, elsewhere)).included == []
    Redemption.objects.update(decided_at=timezone.now() - timedelta(days=800))
    assert services.preview_of(batch).included == []


def test_the_last_day_of_the_period_counts_whole(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    today = calendar.today()
    values = {"programme": programme, "region": cast.make_region("330000"), "by": settler}
    inside = services.create_batch(period_from=today, period_to=today, **values)
    day_before = today - timedelta(days=1)
    outside = services.create_batch(period_from=day_before, period_to=day_before, **values)
    assert len(services.preview_of(inside).included) == 1
    assert services.preview_of(outside).included == []


def _terminated(redemption: Redemption, _settler: Any) -> None:
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher", name="郑终止")
    voucher = Voucher.objects.get(lines__redemption=redemption)
    terminate_voucher(voucher, by=officer, office=None, reason="合同无效")


def _without_account(redemption: Redemption, _settler: Any) -> None:
    BankAccount.objects.filter(organization=redemption.payee).update(active=False)


def _frozen(redemption: Redemption, _settler: Any) -> None:
    Redemption.objects.filter(pk=redemption.pk).update(frozen_reason="核查中")


def _of_the_settler(redemption: Redemption, settler: Any) -> None:
    cast.make_member(redemption.payee, user=settler, role="viewer")


def _in_another_batch(redemption: Redemption, settler: Any) -> None:
    factories.frozen(factories.settler("另一制单"), redemption.programme)


REASONS = [
    (_terminated, "创新券已终止"),
    (_without_account, "收款账户缺失"),
    (_frozen, "已冻结：核查中"),
    (_of_the_settler, "制单人审核过这一件或是其成员，须由他人制单"),
    (_in_another_batch, "已在其他批次"),
]


@pytest.mark.parametrize(("change", "reason"), REASONS)
def test_what_stays_out_says_why(change: Any, reason: str, programme: Programme, settler: Any) -> None:
    redemption = factories.payable(programme=programme)
    change(redemption, settler)
    found = services.preview_of(factories.draft(settler, programme))
    assert found.included == []
    assert [(row.redemption, row.reason) for row in found.excluded] == [(redemption, reason)]
    assert found.total == 0


def test_who_reviewed_a_redemption_does_not_prepare_its_payment(programme: Programme) -> None:
    both = factories.settler()
    cast.make_office("bureau", cast.COUNTY, rights=("review_redemption",)).group.user_set.add(both)
    factories.decide(factories.submitted(programme=programme), by=both)
    found = services.preview_of(factories.draft(both, programme))
    assert [row.reason for row in found.excluded] == ["制单人审核过这一件或是其成员，须由他人制单"]


def test_in_publicity_and_contested_ones_are_listed_as_waiting(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    other = factories.make_programme(kind="B", publicity_days=5)
    redemption = factories.payable(programme=other)
    redemption.publish()
    redemption.save()
    batch = factories.draft(settler, other)
    assert [row.reason for row in services.preview_of(batch).excluded] == ["公示未满"]
    redemption.contest()
    redemption.save()
    assert [row.reason for row in services.preview_of(batch).excluded] == ["异议处理中"]


def test_a_preview_takes_the_same_queries_for_one_and_for_ten(
    programme: Programme, settler: Any, django_assert_max_num_queries: Any
) -> None:
    batch = factories.draft(settler, programme)
    counts = []
    for number in (1, 9):
        for _index in range(number):
            factories.payable(programme=programme)
        with django_assert_max_num_queries(8) as captured:
            assert services.preview_of(batch).total
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Drawing up ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["county officer", "countersigner", "another province"])
def test_only_who_settles_in_the_region_draws_up(who: str, programme: Programme) -> None:
    people: dict[str, Any] = {
        "county officer": factories.officer,
        "countersigner": factories.countersigner,
        "another province": lambda: factories.settler(region_code="320000"),
    }
    with pytest.raises(NotAllowed, match="制作结算批次"):
        factories.draft(people[who](), programme)
    assert not SettlementBatch.objects.exists()


def test_a_period_runs_forward(programme: Programme, settler: Any) -> None:
    today = calendar.today()
    with pytest.raises(Refused, match="不能早于"):
        services.create_batch(
            programme=programme,
            region=cast.make_region("330000"),
            period_from=today,
            period_to=today - timedelta(days=1),
            by=settler,
        )
    assert not SettlementBatch.objects.exists()


# --- Freezing -----------------------------------------------------------------------------------


def test_one_payment_per_account_with_a_line_per_redemption(programme: Programme, settler: Any) -> None:
    organization = cast.enterprise()
    for _index in range(2):
        factories.payable(organization, programme)
    factories.payable(cast.rival(), programme, contract=8_000)
    batch = factories.frozen(settler, programme)
    payments = list(batch.payments.order_by("reference"))
    assert [(p.amount, p.lines.count()) for p in payments] == [(Decimal(28_000), 2), (Decimal(8_000), 1)]
    assert [p.reference for p in payments] == [f"{batch.number}-0001", f"{batch.number}-0002"]
    assert (batch.total, batch.count) == (Decimal(36_000), 2)
    frozen = LedgerEntry.objects.filter(kind="freeze").aggregate(total=Sum("amount"))["total"]
    assert frozen == batch.total == PaymentLine.objects.aggregate(total=Sum("amount"))["total"]
    assert invariants.broken() == {}


@pytest.mark.parametrize("typed", ["13999.99", "14000.01", "0"])
def test_another_total_than_the_systems_freezes_nothing(typed: str, programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme)
    with pytest.raises(Refused, match=r"系统合计是 14,000\.00 元"):
        services.freeze_batch(batch, by=settler, typed_total=Decimal(typed))
    assert untouched(batch)


def test_what_came_after_the_preview_is_noticed_by_the_total(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme)
    seen = services.preview_of(batch).total
    factories.payable(programme=programme)
    with pytest.raises(Refused, match="两者须相等"):
        services.freeze_batch(batch, by=settler, typed_total=seen)
    assert untouched(batch)


def test_an_empty_batch_is_not_frozen(programme: Programme, settler: Any) -> None:
    batch = factories.draft(settler, programme)
    with pytest.raises(Refused, match="没有可以编入的兑付"):
        services.freeze_batch(batch, by=settler, typed_total=Decimal(0))
    assert untouched(batch)


def test_only_who_drew_it_up_freezes_it(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.draft(settler, programme)
    for person in (second, factories.settler("另一制单"), factories.officer()):
        with pytest.raises(NotAllowed):
            services.freeze_batch(batch, by=person, typed_total=Decimal(14_000))
    assert untouched(batch)


def test_a_batch_is_frozen_once(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(Refused, match="现在是“待复核”"):
        services.freeze_batch(batch, by=settler, typed_total=batch.total)
    assert batch.payments.count() == 1


def test_the_account_in_a_frozen_batch_stays_when_the_payee_changes_its_own(programme: Programme, settler: Any) -> None:
    redemption = factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    before = batch.payments.get().account
    redemption.payee.bank_accounts.update(active=False)
    cast.make_bank_account(redemption.payee, "6222020000000009999")
    assert batch.payments.get().account == before
    assert batch.payments.get().last_four == before[-4:]


PAYMENT_FACTS = {"amount": 1, "account": "x", "holder": "x", "bank": "x", "last_four": "0000", "reference": "x"}


@pytest.mark.parametrize("column", PAYMENT_FACTS)
def test_the_database_itself_keeps_a_payment_as_it_was_frozen(column: str, programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(IntegrityError, match="facts are frozen"), transaction.atomic():
        Payment.objects.filter(batch=batch).update(**{column: PAYMENT_FACTS[column]})


@pytest.mark.parametrize("column", ["total", "count", "period_from", "number", "prepared_by"])
def test_the_database_itself_keeps_a_frozen_batch(column: str, programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    values = {"period_from": calendar.today() - timedelta(days=900), "prepared_by": second, "number": "X"}
    with pytest.raises(IntegrityError, match="facts are frozen"), transaction.atomic():
        SettlementBatch.objects.filter(pk=batch.pk).update(**{column: values.get(column, 99)})


@pytest.mark.parametrize("column", ["amount", "redemption_id", "line_id", "payment_id"])
def test_the_database_itself_keeps_the_lines(column: str, programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    factories.frozen(settler, programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentLine.objects.update(**{column: 999})


# --- Countersigning -----------------------------------------------------------------------------


def test_a_second_person_countersigns(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=Decimal(14_000))
    batch = fresh(batch)
    assert (batch.status, batch.countersigned_by) == ("countersigned", second)
    assert batch.countersigned_at is not None


def test_who_prepared_does_not_countersign_even_with_both_rights(programme: Programme) -> None:
    both = factories.settler()
    cast.make_office("province", "330000", rights=("countersign",), name="复核处").group.user_set.add(both)
    factories.payable(programme=programme)
    batch = factories.frozen(both, programme)
    with pytest.raises(NotAllowed, match="制单人不能复核自己的批次"):
        services.countersign_batch(batch, by=both, typed_total=batch.total)
    assert fresh(batch).status == "frozen"
    with pytest.raises(IntegrityError), transaction.atomic():
        SettlementBatch.objects.filter(pk=batch.pk).update(countersigned_by=both, countersigned_at=timezone.now())


def test_who_reviewed_a_redemption_does_not_countersign(programme: Programme, settler: Any, second: Any) -> None:
    cast.make_office("bureau", cast.COUNTY, rights=("review_redemption",)).group.user_set.add(second)
    factories.decide(factories.submitted(programme=programme), by=second)
    batch = factories.frozen(settler, programme)
    with pytest.raises(NotAllowed, match="您审核过本批次的兑付"):
        services.countersign_batch(batch, by=second, typed_total=batch.total)
    assert fresh(batch).status == "frozen"


@pytest.mark.parametrize("who", ["settler", "officer", "other province"])
def test_others_do_not_countersign(who: str, programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    people: dict[str, Any] = {
        "settler": lambda: factories.settler("另一制单"),
        "officer": factories.officer,
        "other province": lambda: factories.countersigner(region_code="320000"),
    }
    with pytest.raises(NotAllowed, match="复核结算批次"):
        services.countersign_batch(batch, by=people[who](), typed_total=batch.total)
    assert (fresh(batch).status, fresh(batch).countersigned_by) == ("frozen", None)


def test_a_wrong_total_is_not_countersigned(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(Refused, match=r"批次合计 14,000\.00 元不一致"):
        services.countersign_batch(batch, by=second, typed_total=Decimal(13_999))
    assert fresh(batch).status == "frozen"


def test_a_draft_is_not_countersigned(programme: Programme, settler: Any, second: Any) -> None:
    batch = factories.draft(settler, programme)
    with pytest.raises(Refused, match="现在是“草稿”"):
        services.countersign_batch(batch, by=second, typed_total=Decimal(0))
    assert fresh(batch).status == "draft"


# --- The bank file ------------------------------------------------------------------------------


def _content(batch: SettlementBatch, kind: str, by: Any) -> bytes:
    file = services.export_batch(batch, by=by, kind=kind)
    with file.file.open() as source:
        content: bytes = source.read()
    return content


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_file_adds_up_to_the_batch_to_the_cent(kind: str, programme: Programme, settler: Any, second: Any) -> None:
    for contract in ("8112.33", "9999.99", "18000"):
        factories.payable(programme=programme, contract=contract)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    rows = spreadsheets.read_rows(BytesIO(_content(batch, kind, settler)), f"x.{kind}")
    assert sum(Decimal(row["金额"]) for row in rows) == batch.total
    assert {row["流水号"] for row in rows} == set(batch.payments.values_list("reference", flat=True))
    assert [row["账号"] for row in rows] == [p.account for p in batch.payments.order_by("reference")]
    assert fresh(batch).status == "exported"
    assert set(batch.payments.values_list("status", flat=True)) == {"sent"}


def test_the_same_file_comes_again(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    first = services.export_batch(batch, by=settler)
    again = services.export_batch(batch, by=settler)
    assert (first.pk, first.sha256) == (again.pk, fresh(batch).file_digest)
    assert AuditRow.objects.filter(verb="batch.exported").count() == 1


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "＝1", "\t=1"])
def test_hostile_names_are_no_formulas(name: str, programme: Programme, settler: Any, second: Any) -> None:
    organization = cast.make_organization(name=f"{name}有限公司")
    factories.payable(organization, programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    text = _content(batch, "csv", settler).decode("utf-8-sig")
    assert f"'{name.strip()}" in text or f"'{name}" in text
    sheet = openpyxl.load_workbook(BytesIO(_content(batch, "xlsx", settler))).active
    cells = [cell for row in sheet.iter_rows() for cell in row]  # type: ignore[union-attr]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


def test_nothing_leaves_before_the_second_signature(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(Refused, match="现在是“待复核”"):
        services.export_batch(batch, by=settler)
    assert attachments.files(batch) == []
    assert set(batch.payments.values_list("status", flat=True)) == {"pending"}


def test_a_format_that_no_bank_takes_is_refused(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.exported(settler, second, programme)
    with pytest.raises(Refused, match="xlsx 和 csv"):
        services.export_batch(batch, by=settler, kind="exe")


def test_a_countersigner_alone_does_not_export(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    with pytest.raises(NotAllowed):
        services.export_batch(batch, by=second)
    assert fresh(batch).status == "countersigned"


# --- Giving up ----------------------------------------------------------------------------------


def test_a_cancelled_batch_gives_everything_back_and_another_takes_it(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    services.cancel_batch(batch, by=settler, reason="期间选错")
    account = QuotaAccount.objects.get()
    assert (fresh(batch).status, account.held, account.in_batch) == ("cancelled", Decimal(14_000), 0)
    assert not PaymentLine.objects.filter(live=True).exists()
    assert factories.frozen(settler, programme).total == Decimal(14_000)
    assert invariants.broken() == {}


def test_a_cancellation_says_why(programme: Programme, settler: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(Refused, match="写明撤销的原因"):
        services.cancel_batch(batch, by=settler, reason="  ")
    assert (fresh(batch).status, QuotaAccount.objects.get().in_batch) == ("frozen", Decimal(14_000))


def test_after_the_second_signature_it_cannot_be_cancelled(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    services.countersign_batch(batch, by=second, typed_total=batch.total)
    with pytest.raises(Refused, match="现在是“已锁定”"):
        services.cancel_batch(batch, by=settler, reason="太晚了")
    assert fresh(batch).status == "countersigned"


def test_others_do_not_cancel(programme: Programme, settler: Any, second: Any) -> None:
    factories.payable(programme=programme)
    batch = factories.frozen(settler, programme)
    with pytest.raises(NotAllowed):
        services.cancel_batch(batch, by=second, reason="不同意")
    assert fresh(batch).status == "frozen"
