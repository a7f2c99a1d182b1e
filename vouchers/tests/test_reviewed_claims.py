"""A claim that the bureau reviews: every state, every verb, and what each does to quota and case."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Organization, User
from innovation_voucher.casework import calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Deadline, Message, Outgoing, ReviewCase
from innovation_voucher.casework.sweeps import run
from innovation_voucher.tests import cast
from vouchers import claim_rules, invariants
from vouchers.models import Claim, LedgerEntry, Programme, QuotaAccount
from vouchers.services import (
    ClaimRefused,
    approve_claim,
    claim_instantly,
    edit_claim,
    hand_in_claim,
    lapse_claim,
    reject_claim,
    resubmit_claim,
    return_claim,
    revoke_claim,
    submit_claim,
    withdraw_claim,
)
from vouchers.services.publishing import close_programme

from . import factories
from .reviewed import PURPOSE, ask, decide, drafted, in_state, make_reviewed, money, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-3")]

STATES = ("draft", "submitted", "returned", "waitlisted", "approved", "rejected")


@pytest.fixture(scope="module")
def built(kept: Path) -> tuple[Programme, Organization]:
    return make_reviewed(), cast.enterprise()


@pytest.fixture
def enterprise(request: pytest.FixtureRequest) -> Organization:
    """Beside the kept scheme its own enterprise, else a new one."""
    found: Organization = request.getfixturevalue("world")[1] if "scheme" in request.fixturenames else cast.enterprise()
    return found


@pytest.fixture
def reviewer() -> User:
    return officer()


# --- Handing in -----------------------------------------------------------------------------------


def test_handing_in_opens_a_case_and_grants_nothing(scheme: Programme, enterprise: Organization) -> None:
    claim = ask(enterprise, scheme)
    case = ReviewCase.objects.get()
    assert (claim.status, claim.asked, claim.granted, claim.account) == ("submitted", 50_000, None, None)
    assert (case.number, case.amount, case.applicant, case.region) == (
        claim.number, 50_000, enterprise.name, enterprise.bureau
    )  # fmt: skip
    assert case.checks_bad == 0
    assert not LedgerEntry.objects.exists()
    assert [row.verb for row in AuditRow.objects.filter(subject_id=claim.pk, verb__startswith="claim.")][::-1] == [
        "claim.drafted",
        "claim.submitted",
    ]


@pytest.mark.feature("ZO-4")
def test_asks_50000_and_is_granted_30000(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    """Scenario 12, its first half, by a scheme made up for the test."""
    claim = decide(ask(enterprise, scheme), reviewer, "approve", amount=Decimal(30_000), reason="按预计费用核定")
    account = QuotaAccount.objects.get()
    assert (claim.status, claim.asked, claim.granted) == ("approved", 50_000, 30_000)
    assert (account.available, account.granted, claim.account) == (30_000, 30_000, account)
    assert LedgerEntry.objects.get().reference == f"{claim.number}/1"
    message = Message.objects.get(kind="claim.approved")
    assert message.title == "额度 30,000.00 元已到账"
    assert message.body == "按预计费用核定"
    assert Outgoing.objects.filter(channel="sms", body__contains="额度已到账").count() == 1


def test_the_whole_amount_needs_no_reason(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    assert decide(ask(enterprise, scheme), reviewer, "approve").granted == 50_000


@pytest.mark.parametrize(("amount", "reason"), [("50000.01", "多给"), ("30000", ""), ("0", "不给"), ("-1", "不给")])
def test_what_the_reviewer_may_not_set(
    scheme: Programme, enterprise: Organization, reviewer: User, amount: str, reason: str
) -> None:
    claim = ask(enterprise, scheme)
    before = money()
    with pytest.raises(Refused):
        decide(claim, reviewer, "approve", amount=Decimal(amount), reason=reason)
    assert money() == before


def test_an_individual_claims_too(scheme: Programme, reviewer: User) -> None:
    person = cast.entrepreneur()
    claim = decide(ask(person, scheme, 8_000), reviewer, "approve")
    assert QuotaAccount.objects.get(organization=person).available == claim.granted == 8_000


def test_classes_that_the_scheme_leaves_out_are_refused(enterprise: Organization) -> None:
    scheme = make_reviewed(eligible_classes=["individual"])
    with pytest.raises(Refused, match="不面向您单位的类型"):
        ask(enterprise, scheme)
    assert not Claim.objects.exists()


def test_one_claim_of_an_organization_is_on_its_way(scheme: Programme, enterprise: Organization) -> None:
    first = ask(enterprise, scheme)
    with pytest.raises(Refused, match=f"{first.number} 还在办理"):
        ask(enterprise, scheme)
    assert Claim.objects.count() == 1
    withdraw_claim(first, by=cast.owner_of(enterprise))
    assert ask(enterprise, scheme).status == "submitted"


def test_both_ways_of_claiming_refuse_the_others_scheme(
    scheme: Programme, programme: Programme, enterprise: Organization, owner: User
) -> None:
    with pytest.raises(Refused, match="需经审核，不能即时申领"):
        claim_instantly(enterprise, scheme, amount=Decimal(1), by=owner)
    with pytest.raises(Refused, match="不经审核"):
        submit_claim(enterprise, programme, amount=Decimal(1), by=owner, answers={})
    assert not Claim.objects.exists()


# --- Caps at asking and at granting --------------------------------------------------------------


def test_caps_bind_what_is_asked(enterprise: Organization) -> None:
    scheme = make_reviewed(cap_claim=Decimal(20_000))
    with pytest.raises(ClaimRefused, match="单次最多申领 20,000"):
        ask(enterprise, scheme, 20_001)
    assert ask(enterprise, scheme, 20_000).status == "submitted"


def test_caps_are_asked_again_when_it_is_granted(enterprise: Organization, reviewer: User) -> None:
    scheme = make_reviewed(cap_year=Decimal(60_000))
    claim = ask(enterprise, scheme)
    account = QuotaAccount.objects.create(
        number="A1", organization=enterprise, programme=scheme, valid_until=f"{scheme.year}-12-31",
        redeem_until=f"{scheme.year + 1}-03-15", granted=20_000, available=20_000,
    )  # fmt: skip
    before = money()
    with pytest.raises(ClaimRefused, match="最多 40,000 元"):
        decide(claim, reviewer, "approve")
    assert money() == before
    assert decide(claim, reviewer, "approve", amount=Decimal(40_000), reason="余额").granted == 40_000
    account.refresh_from_db()
    assert account.granted == 60_000


def test_the_rules_of_the_day_of_submission_stay(enterprise: Organization, reviewer: User) -> None:
    scheme = make_reviewed(cap_year=Decimal(60_000))
    claim = ask(enterprise, scheme)
    factories.add_override(scheme, enterprise.region, cap_year=Decimal(10_000))
    assert decide(claim, reviewer, "approve").granted == 50_000
    with pytest.raises(ClaimRefused):
        ask(enterprise, scheme, 1)


def test_a_claim_handed_in_before_the_end_is_granted_after_it(
    scheme: Programme, enterprise: Organization, reviewer: User
) -> None:
    claim = ask(enterprise, scheme)
    close_programme(scheme, by=None)
    assert decide(claim, reviewer, "approve").status == "approved"


def test_nothing_is_granted_that_could_not_be_used(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    claim = ask(enterprise, scheme)
    Programme.objects.filter(pk=scheme.pk).update(year=scheme.year - 1)
    before = money()
    with pytest.raises(Refused, match="有效期已于"):
        decide(claim, reviewer, "approve")
    assert money() == before


# --- Return and resubmit --------------------------------------------------------------------------


def test_a_return_reopens_what_it_names_and_nothing_else(
    scheme: Programme, enterprise: Organization, reviewer: User, owner: User
) -> None:
    claim = decide(ask(enterprise, scheme), reviewer, "return", items=[("purpose", "写明项目")])
    edited = edit_claim(claim, amount=Decimal(1), by=owner, answers={"purpose": "环境试验", "other": "x"})
    assert (edited.asked, edited.answers) == (50_000, {"purpose": "环境试验"})
    again = resubmit_claim(claim, by=owner)
    case = ReviewCase.objects.get()
    assert (again.status, case.round, case.status) == ("submitted", 2, "open")
    assert again.submitted_at == claim.submitted_at
    assert deadlines.due(claim) is None


def test_a_return_pinned_to_nothing_reopens_everything(
    scheme: Programme, enterprise: Organization, reviewer: User, owner: User
) -> None:
    claim = decide(ask(enterprise, scheme), reviewer, "return", items=[("", "重新填写")])
    again = resubmit_claim(claim, by=owner, amount=Decimal(40_000), answers={"purpose": "改"})
    assert (again.asked, again.answers, ReviewCase.objects.get().amount) == (40_000, {"purpose": "改"}, 40_000)


def test_what_is_not_mended_in_time_lapses(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    claim = decide(ask(enterprise, scheme), reviewer, "return", items=[("amount", "核对")])
    due = calendar.add_working_days(calendar.today(), 10)
    found = deadlines.due(claim)
    assert found is not None
    assert found.due_on == due
    assert run("deadlines") == []
    Deadline.objects.update(due_on=calendar.add_working_days(calendar.today(), -1))
    assert len(run("deadlines")) == 1
    claim.refresh_from_db()
    assert (claim.status, ReviewCase.objects.get().status) == ("lapsed", "expired")
    assert "没有在补正期限内重新提交" in Message.objects.get(kind="claim.lapsed").body
    assert run("deadlines") == []
    assert ask(enterprise, scheme).status == "submitted"


def test_the_day_that_comes_near_is_said(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    claim = decide(ask(enterprise, scheme), reviewer, "return", items=[("amount", "核对")])
    Deadline.objects.update(remind_on=calendar.today())
    assert len(run("deadlines")) == 1
    case = reviews.live_case(claim)
    assert case is not None
    assert case.return_due is not None
    title = f"{case.return_due.month}月{case.return_due.day}日前重新提交"
    assert Message.objects.filter(title__contains=title, kind="claim.returned").count() == 1


# --- Ends -----------------------------------------------------------------------------------------


def test_the_unused_part_goes_back(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    QuotaAccount.objects.update(available=20_000, held=30_000)
    revoke_claim(claim, by=reviewer, office=None, reason="企业已迁出")
    account = QuotaAccount.objects.get()
    assert (account.available, account.held, account.granted) == (0, 30_000, 30_000)
    assert Claim.objects.get().status == "revoked"
    assert Message.objects.get(kind="claim.revoked").title == "额度 20,000.00 元已由科技局收回"


@pytest.mark.parametrize("change", [{"available": 0, "held": 50_000}, {"available": 0, "lapsed": 50_000}])
def test_where_nothing_is_left_nothing_is_revoked(
    scheme: Programme, enterprise: Organization, reviewer: User, change: dict[str, int]
) -> None:
    claim = in_state("approved", enterprise, scheme, reviewer)
    QuotaAccount.objects.update(**change)
    before = money()
    with pytest.raises(Refused, match="没有可收回的"):
        revoke_claim(claim, by=reviewer, office=None, reason="收回")
    with pytest.raises(Refused, match="写明收回额度的原因"):
        revoke_claim(claim, by=reviewer, office=None, reason=" ")
    assert money() == before


VERBS: dict[str, tuple[set[str], Any]] = {
    "edit": ({"draft", "returned"}, lambda c, o, _r: edit_claim(c, amount=Decimal(9), by=o, answers={})),
    "hand_in": ({"draft"}, lambda c, o, _r: hand_in_claim(c, by=o)),
    "resubmit": ({"returned"}, lambda c, o, _r: resubmit_claim(c, by=o)),
    "withdraw": ({"draft", "submitted", "returned", "waitlisted"}, lambda c, o, _r: withdraw_claim(c, by=o)),
    "lapse": ({"draft", "submitted", "returned", "waitlisted"}, lambda c, _o, _r: lapse_claim(c, reason="年底")),
    "approve": ({"submitted"}, lambda c, _o, r: approve_claim(c, by=r, office=None)),
    "return": (
        {"submitted"},
        lambda c, _o, r: return_claim(c, by=r, office=None, items=[("", "改")], due=calendar.today()),
    ),
    "reject": ({"submitted"}, lambda c, _o, r: reject_claim(c, by=r, office=None, reason="不符")),
    "revoke": ({"approved"}, lambda c, _o, r: revoke_claim(c, by=r, office=None, reason="收回")),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_in_every_state(
    scheme: Programme, enterprise: Organization, owner: User, reviewer: User, verb: str, state: str
) -> None:
    claim = in_state(state, enterprise, scheme, reviewer)
    assert claim.status == state
    before, (possible, act) = money(), VERBS[verb]
    if state in possible:
        act(claim, owner, reviewer)
        assert money() != before
    else:
        with pytest.raises(Refused):
            act(claim, owner, reviewer)
        assert money() == before
    assert [line for check in invariants.CHECKS.values() for line in check()] == []


@pytest.mark.parametrize("role", ["finance", "viewer"])
@pytest.mark.parametrize("verb", ["edit", "hand_in", "resubmit", "withdraw"])
def test_readers_of_the_organization_do_nothing(
    scheme: Programme, enterprise: Organization, reviewer: User, role: str, verb: str
) -> None:
    reader = cast.make_member(enterprise, role=role)
    state = "returned" if verb == "resubmit" else "draft"
    claim = in_state(state, enterprise, scheme, reviewer)
    before = money()
    with pytest.raises(NotAllowed):
        VERBS[verb][1](claim, reader, reviewer)
    with pytest.raises(NotAllowed):
        submit_claim(enterprise, scheme, amount=Decimal(1), by=reader, answers=PURPOSE)
    assert money() == before


def test_lapsing_ends_the_case_whatever_its_state(scheme: Programme, enterprise: Organization, reviewer: User) -> None:
    for state, case_state in [("submitted", "withdrawn"), ("returned", "expired")]:
        claim = in_state(state, enterprise, scheme, reviewer)
        lapse_claim(claim, reason="申领年度已结束")
        assert ReviewCase.objects.latest("pk").status == case_state
        assert reviews.live_case(claim) is None
    told = Message.objects.filter(kind="claim.lapsed", body="申领年度已结束")
    assert told.count() == 2


def test_a_draft_that_lapses_tells_nobody(scheme: Programme, enterprise: Organization) -> None:
    lapse_claim(drafted(enterprise, scheme))
    assert not Message.objects.exists()


@pytest.mark.parametrize("right", ["view_cases", "review_use", "terminate_voucher"])
@pytest.mark.parametrize("region", [cast.COUNTY, cast.OTHER_COUNTY])
def test_nobody_without_the_right_there_decides_or_revokes(
    scheme: Programme, enterprise: Organization, reviewer: User, right: str, region: str
) -> None:
    stranger = officer(region, "review_claim" if region == cast.OTHER_COUNTY else right)
    granted = in_state("approved", enterprise, scheme, reviewer)
    open_one = ask(cast.rival(), scheme)
    before = money()
    with pytest.raises(NotAllowed, match="由"):
        revoke_claim(granted, by=stranger, office=None, reason="收回")
    for decision in ("approve", "return", "reject"):
        with pytest.raises(NotAllowed):
            decide(open_one, stranger, decision, reason="理由", items=[("", "改")] if decision == "return" else [])
    assert money() == before


def test_a_member_of_the_organization_does_not_review_it(scheme: Programme, enterprise: Organization) -> None:
    both = officer()
    cast.make_member(enterprise, user=both, role="viewer")
    claim = ask(enterprise, scheme)
    before = money()
    with pytest.raises(NotAllowed, match="本单位的申请"):
        decide(claim, both, "approve")
    assert money() == before


def test_who_sees_a_claim(scheme: Programme, enterprise: Organization, owner: User, reviewer: User) -> None:
    claim = drafted(enterprise, scheme)
    assert claim_rules.may_see(owner, claim)
    assert not claim_rules.may_see(reviewer, claim)
    claim = hand_in_claim(claim, by=owner)
    assert claim_rules.may_see(reviewer, claim)
    for stranger in (officer(cast.OTHER_COUNTY), officer(cast.COUNTY, "review_use"), cast.owner_of(cast.rival())):
        assert not claim_rules.may_see(stranger, claim)
