"""A verification in every state with every act of the bureau and of the clock, by everybody."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from accounts import services
from accounts.cases import may_see
from accounts.models import Organization, User, Verification
from accounts.tests.conftest import fill, make_applicant, make_chain
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, Outgoing, ReviewCase, ReviewTask
from innovation_voucher.casework.reviews.rounds import changes
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-3")]

#: Decision → where it leads, and the words of the short message.
DECISIONS = {
    "approve": ("approved", "实名认证已通过，可申领额度"),
    "return": ("returned", "实名认证需补正，请登录平台查看"),
    "reject": ("rejected", "实名认证未通过，原因见平台站内信"),
}
WORDS: dict[str, dict[str, Any]] = {
    "approve": {},
    "return": {"items": [("revenue", "核对单位")]},
    "reject": {"reason": "不符"},
}
decisions = pytest.mark.parametrize("decision", DECISIONS)
#: Who → may they decide, may they see what was handed in.
ROLES = {
    "officer": (True, True),
    "province": (False, True),
    "looker": (False, True),
    "other_right": (False, False),
    "foreign": (False, False),
    "operator": (False, False),
}


@pytest.fixture(scope="module")
def built(kept: Path) -> Verification:
    make_chain()
    owner = cast.owner_of(applicant := make_applicant())
    row = fill(services.start_verification(applicant, by=owner))
    services.submit_verification(row, by=owner)
    row.refresh_from_db()
    return row


@pytest.fixture
def waiting(built: Verification) -> Verification:
    return deepcopy(built)


def person(who: str) -> User:
    made: dict[str, tuple[str, str, str]] = {
        "officer": (cast.COUNTY, "review_verification", "bureau"),
        "province": ("330000", "review_verification", "province"),
        "looker": (cast.COUNTY, "view_cases", "centre"),
        "other_right": (cast.COUNTY, "review_recognition", "agency"),
        "foreign": (cast.OTHER_COUNTY, "review_verification", "bureau"),
    }
    if who == "operator":
        return cast.make_user(is_staff=True, is_superuser=True)
    region, right, kind = made[who]
    return cast.make_officer(region, right, kind=kind)


def decide(row: Verification, by: User, decision: str, **words: Any) -> None:
    task = ReviewTask.objects.get(case=reviews.live_case(row), status="open")
    group = by.groups.first()
    office = group.office if group else cast.make_office()
    reviews.decide(task, by=by, office=office, decision=decision, **(words or WORDS[decision]))


def snapshot(row: Verification) -> tuple[Any, ...]:
    fresh, organization = Verification.objects.get(pk=row.pk), Organization.objects.get(pk=row.organization_id)
    rows = AuditRow.objects.count(), Message.objects.count(), organization.bank_accounts.count()
    return fresh.status, fresh.decided_at, organization.verified_at, organization.name, rows


@decisions
def test_a_decision_leads_where_the_table_says_and_tells_it(
    waiting: Verification, officer: User, decision: str
) -> None:
    decide(waiting, officer, decision)
    target, sms = DECISIONS[decision]
    waiting.refresh_from_db()
    owner = cast.owner_of(waiting.organization)
    assert waiting.status == target
    assert waiting.decided_at is not None
    assert AuditRow.objects.filter(verb=f"verification.{target}", subject_id=waiting.pk, actor_id=officer.pk).exists()
    assert Outgoing.objects.filter(to=owner.phone, kind="verification").latest("pk").body == sms
    assert Message.objects.get(user=owner, kind="verification").link == f"/ent/cert/{waiting.number}/"


@decisions
@pytest.mark.parametrize("who", ROLES)
def test_only_who_reviews_the_region_decides(waiting: Verification, who: str, decision: str) -> None:
    by, before = person(who), snapshot(waiting)
    if ROLES[who][0]:
        decide(waiting, by, decision)
        assert snapshot(waiting)[0] == DECISIONS[decision][0]
        return
    with pytest.raises(NotAllowed):
        decide(waiting, by, decision)
    assert snapshot(waiting) == before


@pytest.mark.parametrize("who", ROLES)
def test_who_sees_what_was_handed_in_and_nobody_a_draft(complete: Verification, who: str) -> None:
    by = person(who)
    assert may_see(by, complete) is False
    services.submit_verification(complete, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    assert may_see(by, complete) is ROLES[who][1]


@decisions
def test_nobody_decides_for_their_own_organization(waiting: Verification, officer: User, decision: str) -> None:
    cast.make_member(waiting.organization, user=officer, role="viewer")
    before = snapshot(waiting)
    with pytest.raises(NotAllowed):
        decide(waiting, officer, decision)
    assert snapshot(waiting) == before


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in DECISIONS for b in DECISIONS])
def test_a_case_is_decided_once(waiting: Verification, officer: User, first: str, second: str) -> None:
    task = ReviewTask.objects.get(case=reviews.live_case(waiting), status="open")
    office = officer.groups.get().office
    reviews.decide(task, by=officer, office=office, decision=first, **WORDS[first])
    before = snapshot(waiting)
    with pytest.raises(Refused):
        reviews.decide(task, by=person("province"), office=office, decision=second, **WORDS[second])
    assert snapshot(waiting) == before


def test_a_return_without_items_and_a_rejection_without_words_are_refused(waiting: Verification, officer: User) -> None:
    before = snapshot(waiting)
    for decision, words in (("return", {"items": []}), ("reject", {"reason": ""})):
        with pytest.raises(Refused):
            decide(waiting, officer, decision, **words)
    assert snapshot(waiting) == before


# --- What follows -----------------------------------------------------------------------------------


def test_approval_takes_every_checked_fact_over(applicant: Organization, chain: Any, officer: User) -> None:
    owner = cast.owner_of(applicant)
    row = fill(services.start_verification(applicant, by=owner), name="新名称有限公司", holder="新名称有限公司")
    services.submit_verification(row, by=owner)
    decide(row, officer, "approve")
    applicant.refresh_from_db()
    assert (applicant.name, applicant.address, applicant.nature) == ("新名称有限公司", "示例路 1 号", "有限责任公司")
    assert (str(applicant.founded_on), applicant.legal_person) == ("2020-05-06", "周甲")
    assert applicant.resident_index is None
    assert services.active_bank_account(applicant).last_four == "8765"  # type: ignore[union-attr]


@pytest.mark.parametrize("state", ["submitted", "approved", "rejected", "withdrawn"])
def test_the_clock_ends_only_what_was_returned(waiting: Verification, officer: User, state: str) -> None:
    if state in {"approved", "rejected"}:
        decide(waiting, officer, "approve" if state == "approved" else "reject")
    elif state == "withdrawn":
        services.withdraw_verification(waiting, by=cast.owner_of(waiting.organization))
    before = snapshot(waiting)
    services.expire_verification(waiting)
    assert snapshot(waiting) == before


def test_what_expired_is_told_and_can_be_begun_anew(waiting: Verification, officer: User) -> None:
    decide(waiting, officer, "return")
    services.expire_verification(waiting)
    services.expire_verification(waiting)
    owner = cast.owner_of(waiting.organization)
    assert Message.objects.filter(user=owner, title="实名认证补正期限已过，可重新发起").count() == 1
    again = services.start_verification(waiting.organization, by=owner)
    assert again.answers == Verification.objects.get(pk=waiting.pk).answers
    assert again.account_number == waiting.account_number


@pytest.mark.parametrize(
    ("decision", "words"),
    [("approve", "已通过"), ("return", "共 1 项需补正"), ("reject", "不符")],
)
def test_the_applicant_s_page_says_what_became_of_it(
    waiting: Verification, officer: User, decision: str, words: str
) -> None:
    client = client_of(cast.owner_of(waiting.organization))
    assert "待审核" in text_of(client.get("/ent/cert/"))
    decide(waiting, officer, decision)
    assert words in text_of(client.get("/ent/cert/"))
    assert waiting.number in text_of(client.get("/ent/cert/history/"))


def test_a_mended_verification_shows_what_changed_and_no_secret(waiting: Verification, officer: User) -> None:
    items = [("revenue", "核对单位"), ("account_number", "核对账号"), ("licence", "重新上传")]
    reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=None, decision="return", items=items)
    waiting.refresh_from_db()
    mended = fill(waiting, revenue="4,000,000.00", account_number="33010000000011112", staff="99")
    services.submit_verification(mended, by=cast.owner_of(waiting.organization))
    case = ReviewCase.objects.get()
    assert waiting.account_number not in str(case.answers_before) + str(case.answers)
    found = {change.label: change for change in changes(case) or []}
    assert set(found) == {"上年度营业收入", "银行账号"}
