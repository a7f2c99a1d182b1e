"""The verbs of real-name verification: who may, from which state, and what follows."""

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts import answers, services
from accounts.models import Organization, Verification
from accounts.sections import SECTIONS
from accounts.services.verifications import remind_verification, save_file
from accounts.tests.conftest import ANSWERS, fill, last_sms, picture
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Message, ReviewTask
from innovation_voucher.tests import cast

State = Verification.State


def submit(verification):
    services.submit_verification(verification, by=cast.owner_of(verification.organization))
    verification.refresh_from_db()
    return verification


def decide(verification, officer, decision, **details):
    task = ReviewTask.objects.get(status="open", case__subject_id=verification.pk)
    office = officer.groups.get().office
    reviews.decide(task, by=officer, office=office, decision=decision, **details)
    verification.refresh_from_db()
    return verification


def section(verification, key):
    return next(s for s in answers.sections_of(verification) if s.key == key)


# --- Drafts -----------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_draft_begins_with_what_the_registration_knows(applicant):
    owner = cast.owner_of(applicant)
    draft = services.start_verification(applicant, by=owner)
    assert draft.status == State.DRAFT
    assert draft.number.startswith("RZ-")
    assert draft.answers["unit"]["name"] == applicant.name
    assert draft.answers["people"]["handler"] == owner.name


@pytest.mark.django_db
def test_a_second_draft_is_refused(applicant):
    owner = cast.owner_of(applicant)
    services.start_verification(applicant, by=owner)
    with pytest.raises(Refused, match="已有一份"):
        services.start_verification(applicant, by=owner)
    assert applicant.verifications.count() == 1


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_draft_keeps_what_is_wrong_and_says_so(applicant):
    owner = cast.owner_of(applicant)
    draft = services.start_verification(applicant, by=owner)
    typed = {"name": applicant.name, "address": "", "nature": "有限责任公司", "founded_on": "昨天"}
    services.save_section(draft, section(draft, "unit"), typed, by=owner)
    draft.refresh_from_db()
    assert draft.answers["unit"]["founded_on"] == "昨天"
    assert answers.gaps(draft)["founded_on"] == "日期写成 2020-05-06 这样"
    assert answers.gaps(draft)["licence"] == "上传营业执照"


@pytest.mark.django_db
def test_an_empty_secret_keeps_the_one_before(complete):
    owner = cast.owner_of(complete.organization)
    services.save_section(complete, section(complete, "account"), {"account_number": ""}, by=owner)
    complete.refresh_from_db()
    assert complete.account_number == ANSWERS["account_number"]


@pytest.mark.django_db
def test_a_new_file_takes_the_place_of_the_old_one(complete):
    owner = cast.owner_of(complete.organization)
    save_file(complete, "licence", name="second.jpg", data=picture(), by=owner)
    assert [file.name for file in answers.attachments.files(complete, "licence")] == ["second.jpg"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["finance", "viewer"])
def test_readers_of_the_organization_write_nothing(complete, role):
    reader = cast.make_member(complete.organization, role=role)
    with pytest.raises(NotAllowed):
        services.save_section(complete, section(complete, "unit"), {"address": "别处"}, by=reader)
    with pytest.raises(NotAllowed):
        services.submit_verification(complete, by=reader)
    complete.refresh_from_db()
    assert complete.status == State.DRAFT
    assert complete.answers["unit"]["address"] == ANSWERS["address"]


@pytest.mark.django_db
def test_a_rival_writes_nothing(complete):
    rival = cast.owner_of(cast.rival())
    for act in (services.submit_verification, services.withdraw_verification):
        with pytest.raises(NotAllowed):
            act(complete, by=rival)
    complete.refresh_from_db()
    assert complete.status == State.DRAFT


# --- Encryption -------------------------------------------------------------------------------


@pytest.mark.feature("ZO-2")
@pytest.mark.django_db
def test_secrets_are_encrypted_in_the_database(chain):
    person = cast.make_organization("entrepreneur", verified=False, name="赵甲")
    draft = fill(services.start_verification(person, by=cast.owner_of(person)), name="赵甲", holder="赵甲")
    with connection.cursor() as cursor:
        cursor.execute("SELECT resident_id, account_number, answers FROM accounts_verification")
        resident_id, number, rest = cursor.fetchone()
    assert draft.resident_id == ANSWERS["resident_id"]
    for digits in (ANSWERS["resident_id"], ANSWERS["account_number"]):
        assert digits not in resident_id + number + str(rest)
        assert digits[:10] not in resident_id + number + str(rest)


# --- Handing in -------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-3", "ZO-2")
@pytest.mark.django_db
def test_complete_draft_goes_to_the_bureau_of_the_county(complete, officer):
    verification = submit(complete)
    case = reviews.live_case(verification)
    assert verification.status == State.SUBMITTED
    assert case.region.code == cast.COUNTY
    assert case.number == verification.number
    assert case.checks_bad == 0
    assert case.tasks.get().due_on > timezone.localdate()


@pytest.mark.django_db
def test_incomplete_draft_stays_a_draft(applicant, chain):
    draft = services.start_verification(applicant, by=cast.owner_of(applicant))
    with pytest.raises(Refused, match="没有填好"):
        submit(draft)
    draft.refresh_from_db()
    assert draft.status == State.DRAFT
    assert reviews.live_case(draft) is None


@pytest.mark.django_db
def test_answers_are_closed_after_handing_in(complete):
    owner = cast.owner_of(complete.organization)
    submit(complete)
    with pytest.raises(Refused, match="不能修改"):
        services.save_section(complete, section(complete, "unit"), {"address": "别处"}, by=owner)
    with pytest.raises(Refused, match="不能修改"):
        save_file(complete, "licence", name="x.jpg", data=picture(), by=owner)
    complete.refresh_from_db()
    assert complete.answers["unit"]["address"] == ANSWERS["address"]


@pytest.mark.django_db
def test_the_database_itself_refuses_a_change_of_what_was_handed_in(complete):
    submit(complete)
    with pytest.raises(IntegrityError, match="frozen"):
        Verification.objects.filter(pk=complete.pk).update(answers={})


# --- Decisions --------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-3", "ZO-2")
@pytest.mark.django_db
def test_approval_takes_the_facts_over_and_tells(complete, officer):
    decide(submit(complete), officer, "approve")
    organization = Organization.objects.get(pk=complete.organization_id)
    assert complete.status == State.APPROVED
    assert services.is_verified(organization)
    assert (organization.legal_person, organization.nature) == ("周甲", "有限责任公司")
    assert services.active_bank_account(organization).number == ANSWERS["account_number"]
    owner = cast.owner_of(organization)
    assert "实名认证已通过，可申领额度" in last_sms(owner.phone)
    assert Message.objects.filter(user=owner, title__contains="已通过").exists()


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_return_reopens_only_what_it_names(complete, officer):
    owner = cast.owner_of(complete.organization)
    items = [("licence", "印章看不清，重新拍摄"), ("revenue", "与财务报表不一致")]
    decide(submit(complete), officer, "return", items=items)
    assert complete.status == State.RETURNED
    assert answers.open_keys(complete) == {"licence", "revenue"}
    typed = {"revenue": "32,000,000", "rd_spend": "1"}
    services.save_section(complete, section(complete, "finance"), typed, by=owner)
    with pytest.raises(Refused, match="不在补正范围"):
        save_file(complete, "id_front", name="x.jpg", data=picture(), by=owner)
    complete.refresh_from_db()
    assert complete.answers["finance"] == {**complete.answers["finance"], "revenue": "32,000,000.00"}
    assert complete.answers["finance"]["rd_spend"] == ANSWERS["rd_spend"]
    assert "补正" in last_sms(owner.phone)


@pytest.mark.django_db
def test_a_return_of_a_whole_section_reopens_it(complete, officer):
    decide(submit(complete), officer, "return", items=[("account", "账户信息请核对")])
    assert answers.open_keys(complete) == {"holder", "bank", "account_number"}


@pytest.mark.django_db
def test_resubmission_is_the_second_round_of_the_same_case(complete, officer):
    decide(submit(complete), officer, "return", items=[("revenue", "核对单位")])
    again = submit(complete)
    assert again.status == State.SUBMITTED
    assert reviews.live_case(again).round == 2
    assert reviews.live_case(again).number == complete.number


@pytest.mark.feature("ZJ-3")
@pytest.mark.django_db
def test_rejection_tells_why_and_a_new_one_copies_the_answers(complete, officer):
    decide(submit(complete), officer, "reject", reason="营业执照已注销")
    owner = cast.owner_of(complete.organization)
    assert complete.status == State.REJECTED
    assert Message.objects.get(user=owner, kind="verification").body == "营业执照已注销"
    fresh = services.start_verification(complete.organization, by=owner)
    assert fresh.answers == complete.answers
    assert fresh.account_number == complete.account_number
    assert fresh.number != complete.number


@pytest.mark.django_db
def test_approval_of_a_newer_one_supersedes_the_older(complete, officer):
    decide(submit(complete), officer, "approve")
    owner = cast.owner_of(complete.organization)
    second = fill(services.start_verification(complete.organization, by=owner), account_number="33010000000011111")
    decide(submit(second), officer, "approve")
    complete.refresh_from_db()
    assert (complete.status, second.status) == (State.SUPERSEDED, State.APPROVED)
    assert services.active_bank_account(complete.organization).last_four == "1111"
    assert complete.organization.bank_accounts.count() == 2


@pytest.mark.django_db
def test_officer_of_another_county_decides_nothing(complete):
    stranger = cast.make_officer(cast.OTHER_COUNTY, "review_verification")
    submit(complete)
    with pytest.raises(NotAllowed):
        decide(complete, stranger, "approve")
    complete.refresh_from_db()
    assert complete.status == State.SUBMITTED
    assert not services.is_verified(complete.organization)


@pytest.mark.django_db
def test_one_id_number_verifies_one_account(chain, officer):
    first, second = (cast.make_organization("entrepreneur", verified=False, name="赵甲") for _ in range(2))
    drafts = [
        fill(services.start_verification(person, by=cast.owner_of(person)), name="赵甲", holder="赵甲")
        for person in (first, second)
    ]
    decide(submit(drafts[0]), officer, "approve")
    with pytest.raises(Refused, match="另一个账号"):
        submit(drafts[1])
    drafts[1].refresh_from_db()
    assert drafts[1].status == State.DRAFT


@pytest.mark.django_db
def test_two_pending_with_one_id_number_cannot_both_pass(chain, officer):
    people = [cast.make_organization("entrepreneur", verified=False, name="赵甲") for _ in range(2)]
    drafts = [
        fill(services.start_verification(person, by=cast.owner_of(person)), name="赵甲", holder="赵甲")
        for person in people
    ]
    for draft in drafts:
        submit(draft)
    decide(drafts[0], officer, "approve")
    with pytest.raises(Refused, match="刚被另一个账号"):
        decide(drafts[1], officer, "approve")
    drafts[1].refresh_from_db()
    assert drafts[1].status == State.SUBMITTED
    assert not services.is_verified(Organization.objects.get(pk=people[1].pk))


# --- Withdrawing, expiring --------------------------------------------------------------------


@pytest.mark.django_db
def test_withdrawn_before_the_decision(complete):
    verification = submit(complete)
    owner = cast.owner_of(complete.organization)
    services.withdraw_verification(verification, by=owner)
    verification.refresh_from_db()
    assert verification.status == State.WITHDRAWN
    assert reviews.live_case(verification) is None


@pytest.mark.django_db
def test_withdrawing_after_the_decision_changes_nothing(complete, officer):
    decide(submit(complete), officer, "approve")
    with pytest.raises(Refused, match="已办结"):
        services.withdraw_verification(complete, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    assert complete.status == State.APPROVED


@pytest.mark.django_db
def test_return_that_nobody_mends_expires_once(complete, officer):
    decide(submit(complete), officer, "return", items=[("revenue", "核对单位")])
    for _ in range(2):
        services.expire_verification(complete, act="resubmit")
    complete.refresh_from_db()
    assert complete.status == State.EXPIRED
    assert reviews.live_case(complete) is None
    assert AuditRow.objects.filter(verb="verification.expired").count() == 1


@pytest.mark.django_db
def test_reminder_goes_out_once_a_round(complete, officer):
    decide(submit(complete), officer, "return", items=[("revenue", "核对单位")])
    for _ in range(2):
        remind_verification(complete, act="resubmit")
    owner = cast.owner_of(complete.organization)
    assert Message.objects.filter(user=owner, title__contains="补正期限将到").count() == 1


# --- Every state against every verb -----------------------------------------------------------

ALLOWED = {
    "submit": {State.DRAFT, State.RETURNED},
    "withdraw": {State.DRAFT, State.SUBMITTED, State.RETURNED},
}


def _in_state(state, complete, officer):
    if state != State.DRAFT:
        submit(complete)
    if state == State.RETURNED or state == State.EXPIRED:
        decide(complete, officer, "return", items=[("revenue", "核对单位")])
    if state == State.EXPIRED:
        services.expire_verification(complete)
    if state in (State.APPROVED, State.SUPERSEDED):
        decide(complete, officer, "approve")
    if state == State.REJECTED:
        decide(complete, officer, "reject", reason="不符")
    if state == State.WITHDRAWN:
        services.withdraw_verification(complete, by=cast.owner_of(complete.organization))
    complete.refresh_from_db()
    if state == State.SUPERSEDED:
        complete.supersede()
        complete.save(update_fields=("status",))
    return complete


@pytest.mark.django_db
@pytest.mark.parametrize("verb", sorted(ALLOWED))
@pytest.mark.parametrize("state", State.values)
def test_verb_works_in_its_states_only(state, verb, complete, officer):
    verification = _in_state(state, complete, officer)
    assert verification.status == state
    act = getattr(services, f"{verb}_verification")
    owner = cast.owner_of(verification.organization)
    if state in ALLOWED[verb]:
        act(verification, by=owner)
        assert Verification.objects.get(pk=verification.pk).status != state
    else:
        with pytest.raises(Refused):
            act(verification, by=owner)
        assert Verification.objects.get(pk=verification.pk).status == state


def test_every_kind_of_organization_has_its_sections():
    assert set(SECTIONS) == set(Organization.Kind.values)
