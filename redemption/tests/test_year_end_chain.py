"""What a third party opened goes through its chain, a batch and the bank, and ends with the carrier paid."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from innovation_voucher.casework import invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.tests import cast
from redemption import rules, services
from redemption.models import Payment, Redemption, RedemptionLine, SettlementBatch
from redemption.tests import agency, factories
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.services import terminate_voucher
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]


@pytest.fixture(scope="module")
def built(kept: Path) -> Programme:
    return agency.make_programme()


@pytest.fixture
def programme(built: Programme) -> Programme:
    return deepcopy(built)


# --- The chain ------------------------------------------------------------------------------------


def test_who_opened_it_cannot_check_it(programme: Programme) -> None:
    opener = agency.agent("钱发起")
    redemption = agency.submitted(agency.served(programme), opener)
    with pytest.raises(NotAllowed):
        agency.decide(redemption, by=opener)
    assert agency.case_of(redemption).tasks.filter(decision="").count() == 2


def test_who_opened_it_cannot_check_it_after_a_colleague_submitted_it(programme: Programme) -> None:
    opener, colleague = agency.agent("钱发起"), agency.agent("李提交")
    redemption = services.submit_opened(agency.opened(agency.served(programme), opener), by=colleague)
    for person in (opener, colleague):
        with pytest.raises(NotAllowed):
            agency.decide(redemption, by=person)
    assert agency.decide(redemption, by=agency.agent("孙核对")).status == "in_review"


def test_the_county_decides_after_the_third_party(programme: Programme) -> None:
    redemption = agency.submitted(agency.served(programme))
    officer = factories.officer()
    with pytest.raises(NotAllowed):
        agency.decide(redemption, by=officer)
    agency.decide(redemption, by=agency.agent("孙核对"))
    with pytest.raises(NotAllowed):
        agency.decide(redemption, by=factories.officer(region_code=cast.OTHER_COUNTY))
    assert agency.decide(redemption, by=officer).status == "payable"


def test_the_county_lowers_the_total_with_a_reason(programme: Programme) -> None:
    carrier = quota.make_carrier()
    voucher = agency.served(programme, carrier, contract=12_000)
    agency.served(programme, carrier, contract=3_000)
    with pytest.raises(Refused, match="写明核减金额的理由"):
        agency.payable(voucher, amount=Decimal(12_500))
    redemption = Redemption.objects.get()
    agency.decide(redemption, by=factories.officer(), amount=Decimal(12_500), reason="部分服务不在范围")
    lines = RedemptionLine.objects.order_by("id").values_list("approved", "reason")
    assert list(lines) == [(Decimal(12_000), "部分服务不在范围"), (Decimal(500), "部分服务不在范围")]
    assert invariants.broken() == {}


def test_a_voucher_that_gets_nothing_ends_and_the_others_are_paid(programme: Programme) -> None:
    carrier = quota.make_carrier()
    voucher = agency.served(programme, carrier, contract=12_000)
    other = agency.served(programme, carrier, contract=3_000)
    redemption = agency.payable(voucher, amount=Decimal(12_000), reason="第二张没有成果")
    assert Voucher.objects.get(pk=other.pk).status == "terminated"
    settler = factories.settler()
    batch = factories.exported(settler, factories.countersigner(), programme)
    factories.import_rows(batch, settler, factories.paid_rows(batch))
    assert batch.total == Decimal(12_000)
    assert Redemption.objects.get(pk=redemption.pk).status == "paid"
    assert Voucher.objects.get(pk=voucher.pk).status == "paid"
    assert invariants.broken() == {}


def test_a_voucher_that_the_bureau_ended_meanwhile_gets_nothing(programme: Programme) -> None:
    carrier = quota.make_carrier()
    voucher = agency.served(programme, carrier, contract=12_000)
    other = agency.served(programme, carrier, contract=3_000)
    redemption = agency.checked(voucher)
    office = cast.make_office(rights=("terminate_voucher",))
    terminate_voucher(other, by=cast.make_officer(office=office), office=office, reason="合同撤销")
    assert agency.total(agency.decide(redemption, by=factories.officer())) == Decimal(12_000)
    assert invariants.broken() == {}


def test_what_was_returned_comes_back_without_the_voucher_in_question(programme: Programme) -> None:
    carrier = quota.make_carrier()
    voucher = agency.served(programme, carrier, contract=12_000)
    other = agency.served(programme, carrier, contract=3_000)
    opener = agency.agent("钱发起")
    redemption = agency.submitted(voucher, opener)
    redemption = agency.decide(redemption, "return", by=agency.agent("孙核对"), items=[("", "第二张记录不符")])
    assert redemption.status == "returned"
    services.drop_line(redemption, other, by=opener, reason="记录不符")
    services.resubmit_redemption(redemption, by=opener)
    assert agency.case_of(redemption).amount == Decimal(12_000)
    assert Redemption.objects.get().status == "in_review"


def test_a_frozen_voucher_holds_back_what_was_returned(programme: Programme) -> None:
    opener = agency.agent("钱发起")
    redemption = agency.submitted(agency.served(programme), opener)
    agency.decide(redemption, "return", by=agency.agent("孙核对"), items=[("", "补充说明")])
    Voucher.objects.update(frozen_reason="线索核查")
    with pytest.raises(Refused, match="已冻结：线索核查"):
        services.resubmit_redemption(redemption, by=opener)
    assert Redemption.objects.get().status == "returned"


# --- The bank -------------------------------------------------------------------------------------


def settle(programme: Programme) -> SettlementBatch:
    settler = factories.settler()
    batch = factories.exported(settler, factories.countersigner(), programme)
    factories.import_rows(batch, settler, factories.paid_rows(batch))
    return services.reconcile_batch(batch, by=settler)


@pytest.mark.feature("ZO-9", "ZO-13")
def test_the_year_end_pays_twelve_thousand_to_the_carrier(programme: Programme) -> None:
    """Scenario 12: the batch of the year end pays 12,000."""
    voucher = agency.served(programme, contract=12_000)
    agency.payable(voucher)
    batch = settle(programme)
    assert (batch.status, batch.total, batch.count) == ("reconciled", Decimal(12_000), 1)
    payment = Payment.objects.get()
    assert (payment.payee, payment.status) == (voucher.carrier.organization, "paid")
    voucher.refresh_from_db()
    assert (voucher.status, voucher.paid_amount) == ("paid", Decimal(12_000))
    account = QuotaAccount.objects.get(pk=voucher.account_id)
    assert (account.held, account.in_batch, account.spent) == (0, 0, Decimal(12_000))
    assert invariants.broken() == {}


def test_one_batch_per_paying_county(programme: Programme) -> None:
    carrier = quota.make_carrier()
    for code in (cast.COUNTY, cast.OTHER_COUNTY):
        agency.payable(agency.served(programme, carrier, region_code=code))
    settler = factories.settler()
    drafts = [factories.draft(settler, programme, cast.make_region(code)) for code in (cast.COUNTY, cast.OTHER_COUNTY)]
    assert [services.preview_of(batch).total for batch in drafts] == [Decimal(12_000), Decimal(12_000)]


@pytest.mark.parametrize("part", ["opener", "checker"])
def test_who_opened_or_checked_it_does_not_pay_it(programme: Programme, part: str) -> None:
    people = {"opener": agency.agent("钱发起"), "checker": agency.agent("孙核对")}
    redemption = agency.submitted(agency.served(programme), people["opener"])
    agency.decide(redemption, by=people["checker"])
    agency.decide(redemption, by=factories.officer())
    both = cast.make_office("province", factories.PROVINCE, rights=("settle", "countersign"), name="省结算")
    people[part].groups.add(both.group)
    batch = factories.draft(people[part], programme)
    assert [row.reason for row in services.preview_of(batch).excluded] == [
        "制单人发起或审核过这一件，或是其成员，须由他人制单"
    ]
    frozen = factories.frozen(factories.settler(), programme)
    allowed, words = rules.may_countersign(people[part], frozen)
    assert not allowed
    assert "由另一人复核" in words


def test_a_frozen_voucher_is_in_no_batch(programme: Programme) -> None:
    agency.payable(agency.served(programme))
    Voucher.objects.update(frozen_reason="线索核查")
    batch = factories.draft(factories.settler(), programme)
    assert [row.reason for row in services.preview_of(batch).excluded] == ["已冻结：线索核查"]


@pytest.mark.feature("ZJ-9")
def test_lowering_an_earlier_years_voucher_gives_no_quota_back(programme: Programme) -> None:
    voucher = agency.served(programme, contract=12_000)
    account = QuotaAccount.objects.get(pk=voucher.account_id)
    quota.end_year(account)
    before = QuotaAccount.objects.get(pk=account.pk)
    agency.payable(voucher, amount=Decimal(10_000), reason="按实际服务核定")
    settle(programme)
    after = QuotaAccount.objects.get(pk=account.pk)
    assert (after.available, after.spent) == (before.available, Decimal(10_000))
    assert after.lapsed == before.lapsed + Decimal(2_000)
    assert Voucher.objects.get().paid_amount == Decimal(10_000)
    assert invariants.broken() == {}


@pytest.mark.feature("ZJ-9")
def test_lowering_this_years_voucher_gives_the_rest_back(programme: Programme) -> None:
    voucher = agency.served(programme, contract=12_000)
    before = QuotaAccount.objects.get(pk=voucher.account_id)
    agency.payable(voucher, amount=Decimal(10_000), reason="按实际服务核定")
    after = QuotaAccount.objects.get(pk=voucher.account_id)
    assert after.available == before.available + Decimal(2_000)
    assert after.held == Decimal(10_000)
