"""The walk of an application through its chain, and what the bureau does afterwards."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from carriers import rules, services
from carriers.models import Carrier, CarrierRecognition
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Chain, Message, Office, Region, ReviewTask
from innovation_voucher.casework.reviews.rounds import Change, changes
from innovation_voucher.tests import cast

from .factories import make_carrier, make_recognition, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("chain")]


def apply(carrier: Carrier, region: Region, by: User) -> CarrierRecognition:
    return services.apply_for_recognition(carrier, region, by=by, statement="可为当地企业做材料试验")


def open_task(row: CarrierRecognition) -> ReviewTask:
    return ReviewTask.objects.get(case=reviews.live_case(row), status="open")


def bureau(region: Region) -> Office:
    return Office.objects.get(region=region, kind="bureau")


def fresh(row: CarrierRecognition) -> CarrierRecognition:
    return CarrierRecognition.objects.get(pk=row.pk)


def verbs_of(row: CarrierRecognition) -> list[str]:
    return list(
        AuditRow.objects.filter(subject_id=row.pk, verb__startswith="recognition.")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def messages_of(user: User) -> list[str]:
    return list(Message.objects.filter(user=user, kind="recognition").order_by("pk").values_list("title", flat=True))


# --- The chain --------------------------------------------------------------------------------


def test_an_application_opens_a_case_in_its_region(carrier: Carrier, county: Region, owner: User) -> None:
    make_service(carrier)
    row = apply(carrier, county, owner)
    case = reviews.live_case(row)
    assert row.status == "submitted"
    assert row.number.startswith("RK-")
    assert case is not None
    assert (case.number, case.region, case.applicant) == (row.number, county, carrier.organization.name)
    assert (case.checks_good, case.checks_bad) == (4, 0)
    assert verbs_of(row) == ["recognition.submitted"]


def test_approval_recognizes_and_shows_the_carrier(
    carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = apply(carrier, county, owner)
    assert not carrier.shown
    reviews.decide(open_task(row), by=officer, office=bureau(county), decision="approve")
    carrier.refresh_from_db()
    assert fresh(row).status == "recognized"
    assert fresh(row).decided_at is not None
    assert carrier.shown
    assert rules.recognized_in(carrier, county)
    assert messages_of(owner) == [f"{county.name}已同意本机构入库，当地企业可以用券预约"]


def test_a_return_is_mended_and_goes_round_again(carrier: Carrier, county: Region, owner: User, officer: User) -> None:
    row = apply(carrier, county, owner)
    items = [("statement", "写明检测资质"), ("profile", "补充联系人职务")]
    reviews.decide(open_task(row), by=officer, office=bureau(county), decision="return", items=items)
    assert fresh(row).status == "returned"
    assert messages_of(owner)[-1].startswith(f"{county.name}的入库申请被退回：2 项需补正")
    assert set(reviews.returned_items(row)) == {"statement", "profile"}

    services.resubmit_recognition(fresh(row), by=owner, statement="有 CMA 资质")
    assert (fresh(row).status, fresh(row).statement) == ("submitted", "有 CMA 资质")
    case = reviews.live_case(row)
    assert case is not None
    assert case.round == 2
    assert changes(case) == [Change("申请说明", "可为当地企业做材料试验", "有 CMA 资质")]

    reviews.decide(open_task(row), by=officer, office=bureau(county), decision="approve")
    assert fresh(row).status == "recognized"
    assert verbs_of(row) == [
        "recognition.submitted",
        "recognition.returned",
        "recognition.resubmitted",
        "recognition.recognized",
    ]


def test_a_rejection_ends_it_and_a_new_application_may_follow(
    carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = apply(carrier, county, owner)
    reviews.decide(open_task(row), by=officer, office=bureau(county), decision="reject", reason="缺少场地")
    assert (fresh(row).status, fresh(row).reason) == ("rejected", "缺少场地")
    assert messages_of(owner) == [f"{county.name}的入库申请未通过：缺少场地"]
    assert apply(carrier, county, owner).status == "submitted"


def test_an_officer_of_another_county_changes_nothing(
    carrier: Carrier, county: Region, owner: User, foreign_officer: User
) -> None:
    row = apply(carrier, county, owner)
    before = AuditRow.objects.count()
    with pytest.raises(NotAllowed):
        reviews.decide(
            open_task(row),
            by=foreign_officer,
            office=Office.objects.get(group__user=foreign_officer),
            decision="approve",
        )
    assert fresh(row).status == "submitted"
    assert AuditRow.objects.count() == before


def test_nobody_decides_for_their_own_carrier(carrier: Carrier, county: Region, owner: User, officer: User) -> None:
    cast.make_member(carrier.organization, user=officer, role="viewer")
    row = apply(carrier, county, owner)
    with pytest.raises(NotAllowed):
        reviews.decide(open_task(row), by=officer, office=bureau(county), decision="approve")
    assert fresh(row).status == "submitted"


def test_withdrawing_ends_the_case(carrier: Carrier, county: Region, owner: User) -> None:
    row = apply(carrier, county, owner)
    services.withdraw_recognition(row, by=owner)
    assert fresh(row).status == "withdrawn"
    assert reviews.live_case(row) is None


@pytest.mark.parametrize("state", ["recognized", "rejected", "withdrawn", "suspended", "ended"])
def test_what_is_decided_cannot_be_withdrawn(carrier: Carrier, county: Region, owner: User, state: str) -> None:
    row = make_recognition(carrier, county, state)
    with pytest.raises(Refused):
        services.withdraw_recognition(row, by=owner)
    assert fresh(row).status == state


def test_what_was_not_returned_cannot_be_handed_in_again(carrier: Carrier, county: Region, owner: User) -> None:
    row = apply(carrier, county, owner)
    with pytest.raises(Refused):
        services.resubmit_recognition(row, by=owner, statement="再交一次")
    assert fresh(row).statement == "可为当地企业做材料试验"


# --- Who may ask --------------------------------------------------------------------------------


def test_only_the_carrier_s_own_people_apply(carrier: Carrier, county: Region, stranger: User) -> None:
    for person in (stranger, cast.make_member(carrier.organization, role="viewer")):
        with pytest.raises(NotAllowed):
            apply(carrier, county, person)
    assert not CarrierRecognition.objects.exists()
    assert not AuditRow.objects.filter(verb="recognition.submitted").exists()


def test_a_handler_applies_too(carrier: Carrier, county: Region) -> None:
    assert apply(carrier, county, cast.make_member(carrier.organization, role="handler")).status == "submitted"


def test_several_regions_at_once_and_the_reasons_of_the_rest(
    carrier: Carrier, county: Region, other_county: Region, owner: User
) -> None:
    make_recognition(carrier, other_county)
    done = services.apply_for_regions(carrier, [county, other_county], by=owner, statement="")
    assert [row.region for row in done.made] == [county]
    assert [region for region, _reason in done.refused] == [other_county]
    assert "已入库" in done.refused[0][1]


def test_a_stranger_s_many_applications_make_none(carrier: Carrier, county: Region, stranger: User) -> None:
    with pytest.raises(NotAllowed):
        services.apply_for_regions(carrier, [county], by=stranger)
    assert not CarrierRecognition.objects.exists()


# --- Afterwards -----------------------------------------------------------------------------------


def test_a_suspension_closes_the_region_and_resuming_opens_it(
    carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = make_recognition(carrier, county)
    services.suspend_recognition(row, by=officer, office=bureau(county), reason="资质过期")
    carrier.refresh_from_db()
    assert fresh(row).status == "suspended"
    assert not rules.recognized_in(carrier, county)
    assert not carrier.shown
    services.resume_recognition(fresh(row), by=officer, reason="资质已续")
    carrier.refresh_from_db()
    assert carrier.shown
    assert rules.recognized_in(carrier, county)
    assert messages_of(owner) == [f"{county.name}暂停认可本机构：资质过期", f"{county.name}恢复认可本机构"]
    assert verbs_of(row) == ["recognition.suspended", "recognition.resumed"]


def test_one_of_two_regions_keeps_the_carrier_in_the_catalogue(
    carrier: Carrier, county: Region, other_county: Region, officer: User
) -> None:
    make_recognition(carrier, other_county)
    services.suspend_recognition(make_recognition(carrier, county), by=officer, reason="资质过期")
    carrier.refresh_from_db()
    assert carrier.shown


@pytest.mark.parametrize("state", ["recognized", "suspended"])
def test_ending_is_for_good(carrier: Carrier, county: Region, officer: User, state: str) -> None:
    row = make_recognition(carrier, county, state)
    services.end_recognition(row, by=officer, reason="机构注销")
    assert fresh(row).status == "ended"
    with pytest.raises(Refused):
        services.resume_recognition(fresh(row), by=officer, reason="")
    assert fresh(row).status == "ended"


@pytest.mark.parametrize("verb", ["suspend_recognition", "resume_recognition", "end_recognition"])
@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn", "ended"])
def test_what_is_not_in_force_cannot_be_stopped(
    carrier: Carrier, county: Region, officer: User, verb: str, state: str
) -> None:
    row = make_recognition(carrier, county, state)
    with pytest.raises(Refused) as refused:
        getattr(services, verb)(row, by=officer, reason="不行")
    assert county.name in str(refused.value)
    assert fresh(row).status == state


@pytest.mark.parametrize("verb", ["suspend_recognition", "end_recognition"])
def test_other_people_cannot_stop_it(
    carrier: Carrier, county: Region, owner: User, foreign_officer: User, viewer_officer: User, verb: str
) -> None:
    row = make_recognition(carrier, county)
    for person in (owner, foreign_officer, viewer_officer):
        with pytest.raises(NotAllowed):
            getattr(services, verb)(row, by=person, reason="不行")
    assert fresh(row).status == "recognized"
    assert verbs_of(row) == []


def test_a_province_recognizes_its_own_list_without_an_application(county: Region) -> None:
    province = cast.make_region("330000")
    listed = make_carrier()
    provincial = cast.make_officer("330000", "review_recognition", kind="province")
    row = services.recognize_directly(listed, province, by=provincial, reason="省级创新载体名录")
    listed.refresh_from_db()
    assert row.status == "recognized"
    assert listed.shown
    assert rules.recognized_in(listed, county)
    assert verbs_of(row) == ["recognition.recognized"]


def test_a_county_cannot_recognize_for_its_province(carrier: Carrier, officer: User) -> None:
    with pytest.raises(NotAllowed):
        services.recognize_directly(carrier, cast.make_region("330000"), by=officer, reason="越级")
    assert not CarrierRecognition.objects.exists()


# --- The database's own word ------------------------------------------------------------------------


def test_the_database_refuses_a_state_that_was_not_reached(carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county, "draft")
    with pytest.raises(IntegrityError), transaction.atomic():
        CarrierRecognition.objects.filter(pk=row.pk).update(status="recognized")
    assert fresh(row).status == "draft"


def test_the_database_holds_one_live_recognition_per_region(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recognition(carrier, county, "draft")
    assert carrier.recognitions.count() == 1


def test_the_chain_is_the_one_that_policies_can_change(
    chain: Chain, carrier: Carrier, county: Region, owner: User
) -> None:
    row = apply(carrier, county, owner)
    task: Any = open_task(row)
    assert task.step.chain == chain
    assert task.step.right == rules.RIGHT
