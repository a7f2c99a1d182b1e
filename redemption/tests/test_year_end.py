"""Year end: a third party asks for what the counties owe the carriers, and they are paid."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework import calendar, invariants
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message
from innovation_voucher.tests import cast
from orders import rules as orders_rules
from orders.models import Order
from redemption import rules, services
from redemption.models import Redemption, RedemptionLine
from redemption.tests import agency, factories
from vouchers.models import Programme, Voucher
from vouchers.tests import factories as quota

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-13")]


@pytest.fixture
def programme() -> Programme:
    return agency.make_programme()


def reasons(programme: Programme) -> list[str]:
    return [entry.reason for share in services.shares(programme) for entry in share.entries]


# --- What is owed ---------------------------------------------------------------------------------


def test_what_is_owed_is_grouped_by_county_and_carrier(programme: Programme) -> None:
    one, other = quota.make_carrier(), quota.make_carrier()
    agency.served(programme, one, contract=12_000)
    agency.served(programme, one, contract=3_000)
    agency.served(programme, one, contract=500, region_code=cast.OTHER_COUNTY)
    agency.served(programme, other, contract=700)
    found = {(s.region.code, s.carrier.pk): (len(s.included), s.total) for s in services.shares(programme)}
    assert found == {
        (cast.COUNTY, one.pk): (2, Decimal(15_000)),
        (cast.COUNTY, other.pk): (1, Decimal(700)),
        (cast.OTHER_COUNTY, one.pk): (1, Decimal(500)),
    }


@pytest.mark.feature("ZO-9")
@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, ""),
        ({"recorded": False}, "没有服务记录"),
        ({"order_state": "delivered"}, "企业尚未确认服务完成"),
        ({"order_state": "accepted"}, "企业反映服务有问题，尚未解决"),
    ],
)
def test_the_service_record_decides_what_is_included(
    programme: Programme, values: dict[str, object], reason: str
) -> None:
    agency.served(programme, **values)  # type: ignore[arg-type]
    assert reasons(programme) == [reason]


def test_a_frozen_voucher_stays_out(programme: Programme) -> None:
    voucher = agency.served(programme)
    Voucher.objects.filter(pk=voucher.pk).update(frozen_reason="线索核查")
    assert reasons(programme) == ["已冻结：线索核查"]
    with pytest.raises(Refused, match="没有可以发起兑付的创新券"):
        agency.opened(voucher)
    assert not Redemption.objects.exists()


def test_a_carrier_without_a_payee_account_stays_out(programme: Programme) -> None:
    voucher = agency.served(programme)
    voucher.carrier.organization.bank_accounts.update(active=False)
    assert reasons(programme) == ["机构没有收款账户"]


def after(day: date) -> date:
    return day + timedelta(days=1)


def test_after_the_last_day_a_voucher_stays_out(programme: Programme, time_machine: Any) -> None:
    day = agency.served(programme).redeem_until
    time_machine.move_to(day)
    assert reasons(programme) == [""]
    time_machine.move_to(after(day))
    assert reasons(programme) == [f"兑付截止日 {day} 已过"]


def test_vouchers_on_their_way_stay_out(programme: Programme) -> None:
    firm = cast.make_organization()
    factories.make_order(quota.make_voucher(firm, programme, redeemer="carrier", quota=100_000), "accepted")
    assert reasons(programme) == ["机构尚未接收"]


def test_only_service_records_of_the_period_are_included(programme: Programme) -> None:
    agency.served(programme)
    today = calendar.today()
    before = (today - timedelta(days=60), today - timedelta(days=30))
    assert [s.total for s in services.shares(programme, period=(today, today))] == [Decimal(12_000)]
    found = services.shares(programme, period=before)
    assert [entry.reason for entry in found[0].excluded] == ["服务记录不在所选期间"]


def test_what_the_enterprise_redeems_itself_is_no_ones_year_end(programme: Programme) -> None:
    own = agency.make_programme(kind="own", redemption_opened_by="redeemer")
    agency.served(own)
    assert services.shares(own) == []
    assert services.shares(programme) == []


# --- Opening --------------------------------------------------------------------------------------


def test_a_draft_holds_a_line_per_voucher_at_its_amount(programme: Programme) -> None:
    carrier = quota.make_carrier()
    first = agency.served(programme, carrier, contract=12_000)
    agency.served(programme, carrier, contract=3_000)
    redemption = agency.opened(first)
    assert (redemption.status, redemption.payee) == ("draft", carrier.organization)
    lines = RedemptionLine.objects.order_by("id").values_list("computed", "claimed", "approved")
    assert list(lines) == [(Decimal(12_000), Decimal(12_000), None), (Decimal(3_000), Decimal(3_000), None)]
    assert set(Voucher.objects.values_list("status", flat=True)) == {"redeeming"}
    assert services.shares(programme) == []
    assert AuditRow.objects.filter(verb="redemption.opened").count() == 1
    assert invariants.broken() == {}


def test_counties_pay_by_themselves(programme: Programme) -> None:
    carrier = quota.make_carrier()
    rows = [agency.served(programme, carrier, region_code=code) for code in (cast.COUNTY, cast.OTHER_COUNTY)]
    found = [agency.opened(row) for row in rows]
    assert [row.region.code for row in found] == [cast.COUNTY, cast.OTHER_COUNTY]
    assert [row.lines.count() for row in found] == [1, 1]


def test_opening_twice_finds_nothing_the_second_time(programme: Programme) -> None:
    voucher = agency.served(programme)
    agency.opened(voucher)
    with pytest.raises(Refused, match="没有可以发起兑付"):
        agency.opened(voucher)
    assert Redemption.objects.count() == 1


def test_vouchers_with_another_chain_go_by_themselves(programme: Programme) -> None:
    carrier = quota.make_carrier()
    first = agency.served(programme, carrier)
    quota.add_version(programme, **{**quota.INSTANT, **agency.RULES, "publicity_days": 5})
    second = agency.served(programme, carrier)
    assert [line.voucher_id for line in agency.opened(first).lines.all()] == [first.pk]
    assert [line.voucher_id for line in agency.opened(second).lines.all()] == [second.pk]


@pytest.mark.parametrize("kind", ["bureau", "agency", "province", "platform"])
def test_other_offices_open_nothing(programme: Programme, kind: str) -> None:
    voucher = agency.served(programme)
    other = cast.make_office(kind, factories.PROVINCE, rights=("open_redemptions",), name=f"{kind}-x")
    person = cast.make_officer(factories.PROVINCE, kind=kind, office=other)
    with pytest.raises(NotAllowed, match="由受托的第三方服务机构统一办理"):
        services.open_for_carrier(voucher.carrier, programme, voucher.region, by=person, office=other)
    assert not Redemption.objects.exists()
    assert Voucher.objects.get().status == "confirmed"


def test_the_third_party_of_another_province_opens_nothing(programme: Programme) -> None:
    voucher = agency.served(programme)
    with pytest.raises(NotAllowed):
        services.open_for_carrier(
            voucher.carrier,
            programme,
            voucher.region,
            by=agency.agent(region_code="340000"),
            office=agency.office("340000"),
        )
    assert not Redemption.objects.exists()


def test_the_carrier_cannot_submit_by_itself(programme: Programme) -> None:
    voucher = agency.served(programme)
    by = cast.owner_of(voucher.carrier.organization)
    with pytest.raises(Refused, match="由第三方服务机构于年底统一办理兑付"):
        services.submit_voucher(voucher, by=by)
    assert Voucher.objects.get().status == "confirmed"


# --- Drafts ---------------------------------------------------------------------------------------


def two_lines(programme: Programme) -> tuple[Redemption, list[Voucher]]:
    carrier = quota.make_carrier()
    rows = [agency.served(programme, carrier, contract=amount) for amount in (12_000, 3_000)]
    return agency.opened(rows[0]), rows


def test_a_voucher_is_taken_out_of_a_draft(programme: Programme) -> None:
    redemption, (_kept, dropped) = two_lines(programme)
    services.drop_line(redemption, dropped, by=agency.agent(), reason="记录与合同不符")
    assert [line.claimed for line in redemption.lines.all()] == [Decimal(12_000)]
    assert Voucher.objects.get(pk=dropped.pk).status == "confirmed"
    row = AuditRow.objects.get(verb="redemption.line_dropped")
    assert (row.reason, row.before["voucher"]) == ("记录与合同不符", dropped.code)
    assert invariants.broken() == {}


@pytest.mark.parametrize(("reason", "count", "words"), [(" ", 2, "写明移出的原因"), ("重复", 1, "只剩这一张券")])
def test_taking_out_asks_for_a_reason_and_leaves_one(programme: Programme, reason: str, count: int, words: str) -> None:
    redemption, rows = two_lines(programme)
    if count == 1:
        services.drop_line(redemption, rows[1], by=agency.agent(), reason="重复")
    with pytest.raises(Refused, match=words):
        services.drop_line(redemption, rows[0], by=agency.agent(), reason=reason)
    assert redemption.lines.count() == count


def test_what_was_taken_out_cannot_be_taken_out_again(programme: Programme) -> None:
    redemption, rows = two_lines(programme)
    services.drop_line(redemption, rows[1], by=agency.agent(), reason="重复")
    with pytest.raises(Refused, match="已不在这件兑付里"):
        services.drop_line(redemption, rows[1], by=agency.agent(), reason="重复")


def test_under_review_no_voucher_is_taken_out(programme: Programme) -> None:
    redemption, rows = two_lines(programme)
    services.submit_opened(redemption, by=agency.agent())
    with pytest.raises(Refused, match="明细不能再改"):
        services.drop_line(redemption, rows[1], by=agency.agent(), reason="重复")
    assert redemption.lines.count() == 2


def test_a_draft_that_is_given_up_frees_its_vouchers(programme: Programme) -> None:
    redemption, _rows = two_lines(programme)
    services.withdraw_redemption(redemption, by=agency.agent())
    assert Redemption.objects.get().status == "withdrawn"
    assert set(Voucher.objects.values_list("status", flat=True)) == {"confirmed"}
    assert services.shares(programme)[0].total == Decimal(15_000)
    assert invariants.broken() == {}


def test_the_carrier_neither_submits_nor_withdraws_the_draft(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption, by = agency.opened(voucher), cast.owner_of(voucher.carrier.organization)
    with pytest.raises(NotAllowed):
        services.submit_opened(redemption, by=by)
    with pytest.raises(Refused):
        services.withdraw_redemption(redemption, by=by)
    assert Redemption.objects.get().status == "draft"


def test_a_frozen_voucher_holds_back_the_draft(programme: Programme) -> None:
    redemption = agency.opened(agency.served(programme))
    Voucher.objects.update(frozen_reason="线索核查")
    with pytest.raises(Refused, match="已冻结：线索核查"):
        services.submit_opened(redemption, by=agency.agent())
    assert Redemption.objects.get().status == "draft"


def test_after_the_last_day_a_draft_is_not_handed_in(programme: Programme, time_machine: Any) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    time_machine.move_to(after(voucher.redeem_until))
    with pytest.raises(Refused, match="已过，移出后再提交"):
        services.submit_opened(redemption, by=agency.agent())
    assert Redemption.objects.get().status == "draft"


def test_without_a_payee_account_a_draft_is_not_handed_in(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    voucher.carrier.organization.bank_accounts.update(active=False)
    with pytest.raises(Refused, match="还没有收款账户，由机构填写后再提交"):
        services.submit_opened(redemption, by=agency.agent())
    assert Redemption.objects.get().status == "draft"


@pytest.mark.feature("X-10")
def test_the_clock_lets_go_of_a_draft_after_the_last_day(programme: Programme) -> None:
    redemption = agency.opened(agency.served(programme))
    last = Voucher.objects.get().redeem_until
    assert services.lapse_draft(redemption, day=last) is None
    assert Redemption.objects.get().status == "draft"
    assert services.lapse_draft(redemption, day=last + timedelta(days=1)) is not None
    assert Redemption.objects.get().status == "withdrawn"
    assert Voucher.objects.get().status == "confirmed"
    assert services.lapse_draft(redemption, day=last + timedelta(days=1)) is None


@pytest.mark.feature("X-10")
def test_the_clock_leaves_alone_what_was_handed_in(programme: Programme) -> None:
    redemption = agency.submitted(agency.served(programme))
    last = Voucher.objects.get().redeem_until
    assert services.lapse_draft(redemption, day=last + timedelta(days=1)) is None
    assert Redemption.objects.get().status == "in_review"


# --- Who sees it ----------------------------------------------------------------------------------


def test_who_sees_what_the_third_party_opened(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    sees: dict[str, bool] = {
        "third party": rules.may_see(agency.agent(), redemption),
        "carrier": rules.may_see(cast.owner_of(voucher.carrier.organization), redemption),
        "enterprise": rules.may_see(cast.owner_of(voucher.organization), redemption),
        "county": rules.may_see(factories.officer(), redemption),
        "other county": rules.may_see(factories.officer(region_code=cast.OTHER_COUNTY), redemption),
        "other third party": rules.may_see(agency.agent(region_code="340000"), redemption),
        "rival": rules.may_see(cast.owner_of(cast.rival()), redemption),
    }
    assert [who for who, seen in sees.items() if seen] == ["third party", "carrier", "enterprise", "county"]


def test_a_third_party_sees_no_redemption_that_others_opened() -> None:
    redemption = factories.submitted()
    assert not rules.may_see(agency.agent(), redemption)


def test_a_third_party_opens_the_evidence_of_what_it_settles(programme: Programme) -> None:
    """The papers of a redemption stand on the orders of its vouchers."""
    own = Order.objects.get(voucher=agency.served(programme))
    others = Order.objects.get(voucher=factories.ready(programme=factories.make_programme(kind="x")))
    person, elsewhere = agency.agent(), agency.agent(region_code="340000")
    assert (orders_rules.may_see(person, own), orders_rules.may_see(person, others)) == (True, False)
    assert not orders_rules.may_see(elsewhere, own)


def test_a_third_party_sees_only_batches_of_its_programmes(programme: Programme) -> None:
    settler = factories.settler()
    agency.payable(agency.served(programme))
    own, other = factories.draft(settler, programme), factories.draft(settler, factories.make_programme(kind="x"))
    person = agency.agent()
    assert (rules.may_see_batch(person, own), rules.may_see_batch(person, other)) == (True, False)
    assert not rules.may_see_batch(agency.agent(region_code="340000"), own)


def test_the_carrier_hears_of_the_opening(programme: Programme) -> None:
    voucher = agency.served(programme)
    redemption = agency.opened(voucher)
    found = Message.objects.filter(kind="redemption.opened")
    assert [row.user for row in found] == [cast.owner_of(voucher.carrier.organization)]
    assert found[0].title == f"第三方机构已为您发起年终兑付 {redemption.number}，共 1 张券"
