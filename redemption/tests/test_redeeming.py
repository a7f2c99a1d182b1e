"""Handing in, taking back, deciding and mending a redemption."""

from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import BankAccount
from innovation_voucher.casework import calendar, deadlines, invariants, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline, Message, ReviewCase
from innovation_voucher.casework.reviews.rounds import changes
from innovation_voucher.lib.workdays import end_of_day
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import begins
from redemption import rules, services
from redemption.models import BankReceipt, Redemption, RedemptionLine
from redemption.tests import factories
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import terminate_voucher

pytestmark = pytest.mark.django_db


@pytest.fixture
def voucher(begun: Voucher) -> Voucher:
    return deepcopy(begun)


@pytest.fixture
def redemption(begun: Redemption) -> Redemption:
    return deepcopy(begun)


def fresh(redemption: Redemption) -> Redemption:
    return Redemption.objects.get(pk=redemption.pk)


def voucher_of(redemption: Redemption) -> Voucher:
    return Voucher.objects.get(lines__redemption=redemption)


def nothing_was_submitted(voucher: Voucher) -> bool:
    found = Voucher.objects.get(pk=voucher.pk)
    return not Redemption.objects.exists() and not ReviewCase.objects.exists() and found.status != "redeeming"


# --- Handing in ---------------------------------------------------------------------------------


@begins(factories.ready)
@pytest.mark.feature("ZJ-11")
def test_a_complete_voucher_becomes_a_case_of_its_county(voucher: Voucher) -> None:
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    line, case = redemption.lines.get(), factories.case_of(redemption)
    assert redemption.status == "in_review"
    assert redemption.number.startswith(f"DF-{calendar.today().year}-")
    assert (line.computed, line.claimed, line.approved) == (Decimal("14000.00"), Decimal("14000.00"), None)
    assert (case.number, case.amount, case.region) == (redemption.number, Decimal("14000.00"), voucher.region)
    assert (case.checks_good, case.checks_bad) == (5, 0)
    assert voucher_of(redemption).status == "redeeming"
    assert redemption.bank_account == voucher.organization.bank_accounts.get(active=True)


def test_what_is_missing_is_said_and_nothing_is_submitted() -> None:
    voucher = factories.make_voucher()
    with pytest.raises(Refused) as caught:
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert caught.value.message == "请填写发票号；请补充银行回单"
    assert nothing_was_submitted(voucher)


@begins(factories.ready)
def test_without_a_payee_account_nothing_is_submitted(voucher: Voucher) -> None:
    BankAccount.objects.filter(organization=voucher.organization).update(active=False)
    with pytest.raises(Refused, match="还没有收款账户"):
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert nothing_was_submitted(voucher)


@begins(factories.ready)
@pytest.mark.parametrize("who", ["rival", "carrier", "viewer", "officer"])
def test_only_the_payee_hands_in(who: str, voucher: Voucher) -> None:
    people = {
        "rival": lambda: cast.owner_of(cast.rival()),
        "carrier": lambda: cast.owner_of(voucher.carrier.organization),
        "viewer": lambda: cast.make_member(voucher.organization, role="viewer"),
        "officer": factories.officer,
    }
    with pytest.raises(NotAllowed):
        services.submit_voucher(voucher, by=people[who]())
    assert nothing_was_submitted(voucher)


@begins(factories.ready)
def test_a_frozen_voucher_waits(voucher: Voucher) -> None:
    Voucher.objects.filter(pk=voucher.pk).update(frozen_reason="核查中")
    with pytest.raises(Refused, match="已冻结：核查中"):
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert nothing_was_submitted(voucher)


@begins(factories.ready)
def test_after_the_last_day_nothing_can_be_handed_in(voucher: Voucher) -> None:
    late = voucher.redeem_until + timedelta(days=1)
    allowed, reason = rules.may_redeem(factories.payee_of(voucher), voucher, late)
    assert not allowed
    assert reason == f"兑付截止日 {voucher.redeem_until} 已过，这张券不能再申请兑付。"
    assert rules.may_redeem(factories.payee_of(voucher), voucher, voucher.redeem_until)[0]


@begins(factories.submitted)
def test_a_voucher_is_handed_in_once(redemption: Redemption) -> None:
    voucher = voucher_of(redemption)
    with pytest.raises(Refused, match="现在是“兑付中”"):
        services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert RedemptionLine.objects.count() == 1


@pytest.mark.feature("ZJ-11")
def test_of_three_vouchers_the_two_complete_ones_go_and_the_third_says_what_it_lacks() -> None:
    """Scenario 11: of three rows one says 请填写发票号, all of them submit two."""
    programme, organization = factories.make_programme(), cast.enterprise()
    complete = [factories.ready(organization, programme) for _index in range(2)]
    lacking = factories.make_voucher(organization, programme)
    outcome = services.submit_many([complete[0], lacking, complete[1]], by=cast.owner_of(organization))
    assert [row.lines.get().voucher for row in outcome.done] == complete
    assert outcome.refused == [(lacking, "请填写发票号；请补充银行回单")]
    assert Voucher.objects.get(pk=lacking.pk).status == "confirmed"
    assert Redemption.objects.filter(status="in_review").count() == 2


def test_what_the_carrier_redeems_is_paid_to_the_carrier() -> None:
    redemption = factories.submitted(redeemer="carrier")
    voucher = voucher_of(redemption)
    assert redemption.payee == voucher.carrier.organization
    assert redemption.bank_account == redemption.payee.bank_accounts.get(active=True)


def test_where_the_hold_comes_with_the_redemption_it_is_taken_and_given_back() -> None:
    programme = factories.make_programme(hold_at="redemption")
    voucher = factories.ready(programme=programme)
    assert (voucher.held, QuotaAccount.objects.get().held) == (0, 0)
    redemption = services.submit_voucher(voucher, by=factories.payee_of(voucher))
    assert voucher_of(redemption).held == Decimal("14000.00")
    services.withdraw_redemption(redemption, by=factories.payee_of(voucher))
    assert (voucher_of(redemption).held, QuotaAccount.objects.get().held) == (0, 0)


# --- Taking back --------------------------------------------------------------------------------


@begins(factories.submitted)
def test_a_withdrawn_redemption_frees_its_voucher_to_be_handed_in_again(redemption: Redemption) -> None:
    voucher = voucher_of(redemption)
    by = factories.payee_of(voucher)
    services.withdraw_redemption(redemption, by=by)
    assert (fresh(redemption).status, reviews.live_case(redemption)) == ("withdrawn", None)
    again = services.submit_voucher(Voucher.objects.get(pk=voucher.pk), by=by)
    assert (again.status, again.number != redemption.number) == ("in_review", True)
    assert list(RedemptionLine.objects.order_by("id").values_list("live", flat=True)) == [False, True]


@begins(factories.submitted)
@pytest.mark.parametrize("who", ["rival", "viewer"])
def test_strangers_and_viewers_cannot_withdraw(who: str, redemption: Redemption) -> None:
    person = cast.owner_of(cast.rival()) if who == "rival" else cast.make_member(redemption.payee, role="viewer")
    with pytest.raises(Refused):
        services.withdraw_redemption(redemption, by=person)
    assert (fresh(redemption).status, voucher_of(redemption).status) == ("in_review", "redeeming")


def test_after_a_first_step_has_agreed_it_cannot_be_withdrawn() -> None:
    factories.make_chain({}, {})
    redemption = factories.submitted()
    redemption = factories.decide(redemption)
    assert redemption.status == "in_review"
    with pytest.raises(Refused, match="审核已有一步同意"):
        services.withdraw_redemption(redemption, by=cast.owner_of(redemption.payee))
    assert fresh(redemption).status == "in_review"


@begins(factories.returned)
def test_a_returned_one_may_be_withdrawn(redemption: Redemption) -> None:
    services.withdraw_redemption(redemption, by=cast.owner_of(redemption.payee))
    assert (fresh(redemption).status, voucher_of(redemption).status) == ("withdrawn", "confirmed")


@begins(factories.submitted)
@pytest.mark.parametrize("end", ["payable", "rejected", "withdrawn"])
def test_what_is_decided_or_withdrawn_stays_so(end: str, redemption: Redemption) -> None:
    by = cast.owner_of(redemption.payee)
    if end == "payable":
        factories.decide(redemption)
    elif end == "rejected":
        factories.decide(redemption, "reject", reason="不在范围内")
    else:
        services.withdraw_redemption(redemption, by=by)
    with pytest.raises(Refused, match="不能撤回"):
        services.withdraw_redemption(redemption, by=by)
    assert fresh(redemption).status == end


# --- Deciding -----------------------------------------------------------------------------------


def test_a_lowered_amount_releases_the_rest_at_once() -> None:
    redemption = factories.decide(factories.submitted(), amount=Decimal("3000.00"), reason="核定合同额 3,000 元")
    line, voucher = redemption.lines.get(), voucher_of(redemption)
    assert (redemption.status, line.approved, line.reason) == ("payable", Decimal("3000.00"), "核定合同额 3,000 元")
    assert voucher.held == Decimal("3000.00")
    assert QuotaAccount.objects.get().available == Decimal("197000.00")


@begins(factories.submitted)
def test_without_a_reason_the_amount_cannot_be_lowered_nor_ever_raised(redemption: Redemption) -> None:
    for amount, reason in ((Decimal(3000), ""), (Decimal(14_001), "多核一些")):
        with pytest.raises(Refused):
            factories.decide(redemption, amount=amount, reason=reason)
    assert (fresh(redemption).status, voucher_of(redemption).held) == ("in_review", Decimal("14000.00"))


def test_with_days_of_publicity_an_approved_one_is_not_payable_yet() -> None:
    programme = factories.make_programme(publicity_days=5)
    assert factories.payable(programme=programme).status == "approved"


def test_a_rejected_redemption_ends_its_voucher_and_frees_the_quota() -> None:
    redemption = factories.decide(factories.submitted(), "reject", reason="服务内容与研发无关")
    voucher = voucher_of(redemption)
    assert (redemption.status, voucher.status, voucher.held) == ("rejected", "terminated", 0)
    assert QuotaAccount.objects.get().available == Decimal("200000.00")
    message = Message.objects.filter(kind="redemption.rejected").get()
    assert message.user == cast.owner_of(redemption.payee)
    assert "服务内容与研发无关" in message.body


@begins(factories.submitted)
def test_after_the_year_is_over_what_is_freed_lapses(redemption: Redemption) -> None:
    QuotaAccount.objects.update(valid_until=calendar.today() - timedelta(days=1))
    factories.decide(redemption, amount=Decimal(10_000), reason="核减")
    account = QuotaAccount.objects.get()
    assert (account.available, account.held, account.lapsed) == (Decimal(186_000), Decimal(10_000), Decimal(4_000))


@begins(factories.submitted)
@pytest.mark.parametrize("who", ["neighbour", "viewer of cases", "member"])
def test_others_do_not_decide(who: str, redemption: Redemption) -> None:
    people: dict[str, Any] = {
        "neighbour": lambda: factories.officer(region_code=cast.OTHER_COUNTY),
        "viewer of cases": lambda: cast.make_officer(cast.COUNTY, "view_cases", kind="centre"),
        "member": lambda: _officer_and_member(redemption),
    }
    with pytest.raises(NotAllowed):
        factories.decide(redemption, by=people[who]())
    assert fresh(redemption).status == "in_review"


def _officer_and_member(redemption: Redemption) -> Any:
    officer = factories.officer()
    return cast.make_member(voucher_of(redemption).carrier.organization, user=officer, role="viewer")


def test_two_steps_are_decided_by_two_people() -> None:
    factories.make_chain({}, {})
    officer = factories.officer()
    redemption = factories.decide(factories.submitted(), by=officer)
    with pytest.raises(NotAllowed, match="另一步骤"):
        factories.decide(redemption, by=officer)
    assert fresh(redemption).status == "in_review"
    assert factories.decide(redemption).status == "payable"


@begins(factories.submitted)
def test_when_the_bureau_ended_the_voucher_the_case_can_only_be_rejected(redemption: Redemption) -> None:
    voucher = voucher_of(redemption)
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher", name="郑终止")
    terminate_voucher(voucher, by=officer, office=None, reason="合同无效")
    with pytest.raises(Refused):
        factories.decide(redemption)
    assert factories.decide(redemption, "reject", reason="券已终止").status == "rejected"
    assert Voucher.objects.get(pk=voucher.pk).end_reason == "合同无效"
    assert invariants.broken() == {}


# --- Returned, mended ---------------------------------------------------------------------------


@begins(factories.returned)
def test_a_returned_redemption_says_what_to_mend_and_until_when(redemption: Redemption) -> None:
    case = factories.case_of(redemption)
    assert redemption.status == "returned"
    assert [item.words for item in reviews.returned_items(redemption)["receipts"]] == ["回单日期与合同不符"]
    assert case.return_due == calendar.add_working_days(calendar.today(), 10)
    assert deadlines.due(redemption, "resubmit") is not None
    assert Message.objects.filter(kind="redemption.returned", user=cast.owner_of(redemption.payee)).count() == 1


@begins(factories.returned)
def test_only_what_the_letter_names_is_open(redemption: Redemption) -> None:
    voucher = voucher_of(redemption)
    by = factories.payee_of(voucher)
    invoice = voucher.order.invoice_allocations.get().invoice
    with pytest.raises(Refused, match="不在需补正的内容里"):
        services.remove_invoice(voucher, invoice, by=by)
    services.remove_receipt(voucher, voucher.order.receipts.get(), by=by)
    services.add_receipt(voucher, by=by, amount=Decimal(18_000), paid_on=calendar.today())
    assert voucher.order.invoice_allocations.count() == 1
    assert BankReceipt.objects.get().paid_on == calendar.today()


def test_a_return_without_a_place_opens_everything() -> None:
    redemption = factories.decide(factories.submitted(), "return", items=[("", "请核对全部材料")])
    voucher = voucher_of(redemption)
    invoice = voucher.order.invoice_allocations.get().invoice
    services.remove_invoice(voucher, invoice, by=factories.payee_of(voucher))
    assert voucher.order.invoice_allocations.count() == 0


@begins(factories.returned)
def test_mended_it_goes_back_to_the_step_that_returned_it(redemption: Redemption) -> None:
    services.resubmit_redemption(redemption, by=cast.owner_of(redemption.payee))
    case = factories.case_of(redemption)
    assert (fresh(redemption).status, case.status, case.round) == ("in_review", "open", 2)
    assert deadlines.due(redemption, "resubmit") is None
    assert factories.decide(redemption).status == "payable"
    verbs = AuditRow.objects.filter(verb="redemption.resubmitted")
    assert verbs.count() == 1
    assert changes(case) == []


def test_another_invoice_is_shown_to_the_reviewer_as_a_change() -> None:
    redemption = factories.decide(factories.submitted(), "return", items=[("", "请核对发票")])
    voucher = voucher_of(redemption)
    old = voucher.order.invoice_allocations.get().invoice
    services.remove_invoice(voucher, old, by=factories.payee_of(voucher))
    facts = services.InvoiceFacts(number=factories.invoice_number(), amount=Decimal(18_000))
    services.add_invoice(voucher, by=factories.payee_of(voucher), facts=facts)
    services.resubmit_redemption(fresh(redemption), by=cast.owner_of(redemption.payee))
    (change, *_rest) = changes(factories.case_of(redemption)) or []
    assert (change.label, change.before) == ("发票", old.number)
    assert change.after != old.number


@begins(factories.returned)
def test_what_still_lacks_papers_is_not_sent_back(redemption: Redemption) -> None:
    voucher = voucher_of(redemption)
    by = factories.payee_of(voucher)
    services.remove_receipt(voucher, voucher.order.receipts.get(), by=by)
    with pytest.raises(Refused, match="请补充银行回单"):
        services.resubmit_redemption(redemption, by=by)
    assert (fresh(redemption).status, factories.case_of(redemption).status) == ("returned", "returned")


def test_smaller_invoices_lower_what_is_claimed() -> None:
    programme = factories.make_programme(amount_base="contract_or_invoices")
    redemption = factories.submitted(programme=programme)
    factories.decide(redemption, "return", items=[("", "发票金额有误")])
    voucher = voucher_of(redemption)
    by = factories.payee_of(voucher)
    services.remove_invoice(voucher, voucher.order.invoice_allocations.get().invoice, by=by)
    services.remove_receipt(voucher, voucher.order.receipts.get(), by=by)
    factories.complete(voucher, 12_000)
    services.resubmit_redemption(redemption, by=by)
    line = redemption.lines.get()
    assert (line.computed, line.claimed) == (Decimal(11_000), Decimal(11_000))
    assert factories.case_of(redemption).amount == Decimal(11_000)


@begins(factories.returned)
@pytest.mark.parametrize("who", ["rival", "viewer"])
def test_others_do_not_send_it_back(who: str, redemption: Redemption) -> None:
    person = cast.owner_of(cast.rival()) if who == "rival" else cast.make_member(redemption.payee, role="viewer")
    with pytest.raises(Refused):
        services.resubmit_redemption(redemption, by=person)
    assert fresh(redemption).status == "returned"


@begins(factories.submitted)
def test_what_was_not_returned_is_not_sent_again(redemption: Redemption) -> None:
    with pytest.raises(Refused, match="只有待补正的兑付可以重新提交"):
        services.resubmit_redemption(redemption, by=cast.owner_of(redemption.payee))
    assert factories.case_of(redemption).round == 1


# --- The clock ----------------------------------------------------------------------------------


@begins(factories.returned)
def test_what_is_not_mended_in_time_expires_and_the_voucher_stays_good(redemption: Redemption) -> None:
    due = Deadline.objects.get(act="resubmit").due_on
    lines = deadlines.run_due(end_of_day(due))
    assert fresh(redemption).status == "returned", lines
    deadlines.run_due(end_of_day(due + timedelta(days=1)))
    assert (fresh(redemption).status, voucher_of(redemption).status) == ("expired", "confirmed")
    assert reviews.live_case(redemption) is None
    again = services.submit_voucher(voucher_of(redemption), by=cast.owner_of(redemption.payee))
    assert again.status == "in_review"


@begins(factories.returned)
def test_before_the_day_the_payee_is_reminded_once(redemption: Redemption) -> None:
    due = Deadline.objects.get(act="resubmit").due_on
    for _time in range(2):
        deadlines.run_due(end_of_day(due))
    found = Message.objects.filter(kind="redemption.reminder", user=cast.owner_of(redemption.payee))
    assert found.count() == 1
    assert redemption.number in found.get().title


@begins(factories.returned)
def test_the_clock_leaves_alone_what_was_mended_meanwhile(redemption: Redemption) -> None:
    services.resubmit_redemption(redemption, by=cast.owner_of(redemption.payee))
    services.expire(redemption, act="resubmit")
    assert fresh(redemption).status == "in_review"


def test_the_time_of_handing_in_is_kept() -> None:
    before = timezone.now()
    redemption = factories.submitted()
    assert before <= fresh(redemption).submitted_at <= timezone.now()  # type: ignore[operator]
