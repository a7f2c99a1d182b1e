"""Claims with a stamped form: filled in, stamped, then decided at once by the list or by the bureau."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organization, Qualification
from accounts.qualified import flags_of
from innovation_voucher.casework import attachments, calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Outgoing, ReviewCase
from innovation_voucher.tests import cast
from vouchers.models import Claim, Programme, QuotaAccount
from vouchers.services import (
    claim_gaps,
    claim_instantly,
    draft_claim,
    edit_claim,
    expire_claim,
    hand_in_claim,
    keep_scan,
    open_keys,
    remind_claim,
    resubmit_claim,
    standing,
    submit_stamped,
    withdraw_claim,
)
from vouchers.services.claim_evidence import add_claim_file
from vouchers.services.pools import set_pool

from . import stamped as js
from .reviewed import decide, money

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return js.load(), js.firm()


@pytest.fixture
def firm(world: tuple[Programme, Organization]) -> Organization:
    return world[1]


# --- Decided at once ----------------------------------------------------------------------------


@pytest.mark.feature("JS-6")
@pytest.mark.feature("JS-14")
def test_a_listed_firm_has_its_full_cap_at_once(scheme: Programme, firm: Organization) -> None:
    """Scenario 1: Changzhou, this year's list, 30 million of revenue, stamped form: 100,000 at once to 31 December."""
    js.enlist(firm)
    waiting = js.to_stamp(firm, scheme, "listed_sme")
    assert waiting.status == "awaiting_stamp"
    assert not QuotaAccount.objects.exists()
    claim = js.stamped(waiting)
    assert (claim.status, claim.granted) == ("approved", Decimal(100_000))
    account = QuotaAccount.objects.get(organization=firm)
    assert (account.available, account.valid_until) == (Decimal(100_000), date(scheme.year, 12, 31))
    assert not ReviewCase.objects.exists()
    assert AuditRow.objects.get(verb="claim.granted_instantly").actor_id is None
    sent = Outgoing.objects.get(kind="claim.approved")
    assert "已到账" in sent.body
    assert sent.to == cast.owner_of(firm).phone


@pytest.mark.feature("JS-6")
def test_who_is_not_on_the_list_cannot_claim_as_listed(scheme: Programme, firm: Organization) -> None:
    with pytest.raises(Refused, match="不在当年的科技型中小企业名单内"):
        js.drafted(firm, scheme, "listed_sme")
    assert not Claim.objects.exists()


@pytest.mark.feature("JS-6")
def test_a_firm_that_left_the_list_before_its_stamp_gets_nothing(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    claim = js.to_stamp(firm, scheme, "listed_sme")
    js.enlist(js.firm(), mode="replace")
    with pytest.raises(Refused, match="名单"):
        js.stamped(claim)
    claim.refresh_from_db()
    assert claim.status == "awaiting_stamp"
    assert not QuotaAccount.objects.exists()


@pytest.mark.feature("JS-6")
def test_a_removal_after_the_grant_flags_it_and_takes_no_quota(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    js.stamped(js.to_stamp(firm, scheme, "listed_sme"))
    js.enlist(js.firm(), mode="replace")
    assert QuotaAccount.objects.get(organization=firm).available == Decimal(100_000)
    assert [row.class_key for row in flags_of(firm)] == ["listed_sme"]


@pytest.mark.feature("JS-6")
def test_an_empty_budget_puts_a_listed_firm_in_the_line(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    set_pool(scheme, cast.make_region(js.PROVINCE), Decimal(50_000), by=None)
    scheme.refresh_from_db()
    claim = js.stamped(js.to_stamp(firm, scheme, "listed_sme"))
    assert (claim.status, claim.granted) == ("waitlisted", Decimal(100_000))


def test_a_form_that_must_be_stamped_is_not_passed_by(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    with pytest.raises(Refused, match="不能即时申领"):
        claim_instantly(firm, scheme, amount=Decimal(1), by=cast.owner_of(firm))
    assert not Claim.objects.exists()


# --- Decided by the bureau ------------------------------------------------------------------------


@pytest.mark.feature("JS-7")
@pytest.mark.parametrize(("region", "cap"), [(js.SOUTH, 100_000), (js.NORTH, 140_000)])
def test_the_others_wait_for_their_bureau_and_get_the_cap_of_their_city(
    scheme: Programme, region: str, cap: int
) -> None:
    """Scenario 1, the other half: a certified firm of Xuzhou waits, then gets 140,000."""
    firm, officer = js.firm(region), js.bureau(region)
    claim = js.stamped(js.to_stamp(firm, scheme, "high_tech"))
    assert (claim.status, claim.asked) == ("submitted", Decimal(cap))
    assert not QuotaAccount.objects.exists()
    claim = decide(claim, officer, "approve")
    assert (claim.status, claim.granted) == ("approved", Decimal(cap))
    assert Qualification.objects.get(organization=firm).source == claim.number


@pytest.mark.feature("JS-6")
@pytest.mark.feature("JS-14")
@pytest.mark.parametrize(("decision", "words"), [("approve", "已到账"), ("reject", "未通过"), ("return", "补正")])
def test_the_result_goes_out_by_sms(scheme: Programme, firm: Organization, decision: str, words: str) -> None:
    claim = js.stamped(js.to_stamp(firm, scheme, "talent"))
    said: dict[str, Any] = {"reject": {"reason": "证明不足"}, "return": {"items": [("talent_proof", "看不清")]}}
    decide(claim, js.bureau(), decision, **said.get(decision, {}))
    kinds = {"approve": "approved", "reject": "rejected", "return": "returned"}
    assert words in Outgoing.objects.get(kind=f"claim.{kinds[decision]}").body


@pytest.mark.feature("JS-5")
@pytest.mark.parametrize("class_key", ["high_tech", "incubated", "talent"])
def test_no_bureau_sees_a_claim_before_its_stamp(scheme: Programme, firm: Organization, class_key: str) -> None:
    claim = js.to_stamp(firm, scheme, class_key)
    assert claim.status == "awaiting_stamp"
    assert reviews.live_case(claim) is None
    js.stamped(claim)
    case = reviews.live_case(claim)
    assert case is not None
    assert case.chain.key == "js-claim"


# --- What is asked --------------------------------------------------------------------------------


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize(("month", "good"), [("2023-08", True), ("2023-07", False)])
def test_a_certificate_of_36_months_is_good(scheme: Programme, firm: Organization, month: str, good: bool) -> None:
    august = calendar.now().replace(year=scheme.year, month=8, day=15)
    with calendar.acting_at(august):
        if good:
            assert js.drafted(firm, scheme, "high_tech", certificate_month=month).status == "draft"
        else:
            with pytest.raises(Refused, match="2023-08 或以后"):
                js.drafted(firm, scheme, "high_tech", certificate_month=month)


@pytest.mark.feature("JS-4")
@pytest.mark.parametrize(("revenue", "good"), [("400000000.00", True), ("400000001.00", False)])
def test_a_revenue_of_400_million_is_within_and_one_yuan_more_is_not(
    scheme: Programme, firm: Organization, revenue: str, good: bool
) -> None:
    """Scenario 5: 400,000,000 are accepted, one yuan more is refused."""
    if good:
        assert js.to_stamp(firm, scheme, "incubated", revenue=revenue).status == "awaiting_stamp"
    else:
        with pytest.raises(Refused, match="不超过 400,000,000 元"):
            js.to_stamp(firm, scheme, "incubated", revenue=revenue)
        assert not Claim.objects.exists()


@pytest.mark.feature("JS-5")
def test_a_draft_keeps_what_was_typed_and_lacks_the_rest(scheme: Programme, firm: Organization) -> None:
    by = cast.owner_of(firm)
    claim = draft_claim(firm, scheme, by=by, answers={"staff": 25}, class_key="talent")
    assert (claim.status, claim.answers) == ("draft", {"staff": 25})
    before = money()
    with pytest.raises(Refused, match="项没有填写"):
        hand_in_claim(claim, by=by)
    assert money() == before


@pytest.mark.feature("JS-5")
def test_a_claim_without_its_evidence_is_not_handed_in(scheme: Programme, firm: Organization) -> None:
    by = cast.owner_of(firm)
    answers = js.answers_for(scheme, firm, "incubated")
    claim = draft_claim(firm, scheme, by=by, answers=answers, class_key="incubated")
    assert {gap.key for gap in claim_gaps(claim)} == {"credit_certificate", "financial_statement", "incubator_proof"}
    with pytest.raises(Refused, match="入孵证明"):
        hand_in_claim(claim, by=by)


def test_who_has_the_choice_names_the_class(scheme: Programme, firm: Organization) -> None:
    with pytest.raises(Refused, match="先选择以哪种资格申领"):
        draft_claim(firm, scheme, by=cast.owner_of(firm), answers={})


def test_the_full_cap_is_granted_once(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    js.stamped(js.to_stamp(firm, scheme, "listed_sme"))
    with pytest.raises(Refused, match="已全部获得"):
        js.drafted(firm, scheme, "high_tech")


def test_the_rules_of_the_class_are_pinned(scheme: Programme, firm: Organization) -> None:
    js.enlist(firm)
    claim = js.to_stamp(firm, scheme, "listed_sme")
    assert claim.class_key == "listed_sme"
    assert claim.snapshot is not None
    assert claim.snapshot.data["claim_mode"] == "instant"
    assert standing(firm, scheme, class_key="high_tech").policy.claim_mode == "reviewed"


# --- The scan -------------------------------------------------------------------------------------


@pytest.mark.feature("JS-5")
def test_without_a_scan_nothing_is_submitted(scheme: Programme, firm: Organization) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    before = money()
    with pytest.raises(Refused, match="盖章的申领表"):
        submit_stamped(claim, by=cast.owner_of(firm))
    assert money() == before


def test_a_second_scan_takes_the_place_of_the_first(scheme: Programme, firm: Organization) -> None:
    claim, by = js.to_stamp(firm, scheme, "talent"), cast.owner_of(firm)
    keep_scan(claim, by=by, name="一.png", data=js.picture())
    keep_scan(claim, by=by, name="二.png", data=js.picture())
    assert [file.name for file in attachments.files(claim, js.SCAN)] == ["二.png"]


def test_a_scan_comes_neither_early_nor_late_nor_from_strangers(scheme: Programme, firm: Organization) -> None:
    claim, by = js.drafted(firm, scheme, "talent"), cast.owner_of(firm)
    with pytest.raises(Refused, match="草稿"):
        keep_scan(claim, by=by, name="一.png", data=js.picture())
    with pytest.raises(Refused, match="不需要上传"):
        add_claim_file(claim, js.SCAN, by=by, name="一.png", data=js.picture())
    claim = hand_in_claim(claim, by=by)
    with pytest.raises(NotAllowed):
        keep_scan(claim, by=cast.owner_of(js.firm()), name="一.png", data=js.picture())
    claim = js.stamped(claim)
    with pytest.raises(Refused, match="待初审"):
        submit_stamped(claim, by=by)


@pytest.mark.parametrize("name", ["表.txt", "表.png"])
def test_a_file_that_is_no_scan_is_refused(scheme: Programme, firm: Organization, name: str) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    broken = js.picture()
    broken.truncate(10)
    with pytest.raises(Refused):
        keep_scan(claim, by=cast.owner_of(firm), name=name, data=broken)
    assert attachments.files(claim, js.SCAN) == []


# --- Mending --------------------------------------------------------------------------------------


@pytest.fixture
def submitted(scheme: Programme, firm: Organization) -> Claim:
    return js.stamped(js.to_stamp(firm, scheme, "incubated"))


def test_a_mended_answer_is_stamped_anew(submitted: Claim) -> None:
    officer, by = js.bureau(), cast.owner_of(submitted.organization)
    claim = decide(submitted, officer, "return", items=[("staff", "与报表不一致")])
    assert open_keys(claim) == {"staff"}
    edit_claim(claim, by=by, answers={"staff": 30, "email": "x"})
    claim = resubmit_claim(claim, by=by)
    assert (claim.status, claim.answers["staff"]) == ("awaiting_stamp", 30)
    assert attachments.files(claim, js.SCAN) == []
    claim = js.stamped(claim)
    assert claim.status == "submitted"
    case = reviews.live_case(claim)
    assert case is not None
    assert (case.round, case.status) == (2, "open")
    assert decide(claim, officer, "approve").status == "approved"


@pytest.mark.parametrize("key", ["incubator_proof", "stamped_form"])
def test_mended_evidence_goes_straight_back(submitted: Claim, key: str) -> None:
    by = cast.owner_of(submitted.organization)
    claim = decide(submitted, js.bureau(), "return", items=[(key, "看不清")])
    assert open_keys(claim) == {key}
    claim = resubmit_claim(claim, by=by)
    assert claim.status == "submitted"


def test_a_mended_claim_that_is_not_stamped_in_time_is_over(submitted: Claim) -> None:
    claim = decide(submitted, js.bureau(), "return", items=[("staff", "与报表不一致")])
    claim = resubmit_claim(claim, by=cast.owner_of(claim.organization))
    expire_claim(claim)
    claim.refresh_from_db()
    assert claim.status == "lapsed"
    assert reviews.live_case(claim) is None


# --- Time -----------------------------------------------------------------------------------------


def test_thirty_days_without_a_stamp_end_it(scheme: Programme, firm: Organization) -> None:
    claim = js.to_stamp(firm, scheme, "talent")
    due = deadlines.due(claim, js.SCAN)
    assert due is not None
    assert due.due_on == calendar.today() + timedelta(days=30)
    deadlines.run_due(calendar.now() + timedelta(days=24))
    assert Outgoing.objects.filter(body__contains="上传期限将到").exists()
    deadlines.run_due(calendar.now() + timedelta(days=30))
    claim.refresh_from_db()
    assert claim.status == "awaiting_stamp"
    deadlines.run_due(calendar.now() + timedelta(days=31))
    claim.refresh_from_db()
    assert claim.status == "lapsed"
    assert deadlines.due(claim) is None
    assert js.drafted(firm, scheme, "talent").status == "draft"


def test_a_stamp_in_time_ends_the_term(scheme: Programme, firm: Organization) -> None:
    claim = js.stamped(js.to_stamp(firm, scheme, "talent"))
    assert deadlines.due(claim, js.SCAN) is None
    expire_claim(claim, act=js.SCAN)
    remind_claim(claim, act=js.SCAN)
    claim.refresh_from_db()
    assert claim.status == "submitted"


def test_taking_back_ends_the_term(scheme: Programme, firm: Organization) -> None:
    claim = withdraw_claim(js.to_stamp(firm, scheme, "talent"), by=cast.owner_of(firm))
    assert claim.status == "withdrawn"
    assert deadlines.due(claim) is None
