"""Two at once on PostgreSQL: one application, one decision, one end; the other reads why."""

import pytest

from accounts.models import User
from carriers import services
from carriers.models import Carrier, CarrierRecognition
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import AuditRow, Region, ReviewTask
from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race

from .factories import make_recognition, make_service

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("chain")]


def test_two_applications_at_once_make_one(carrier: Carrier, county: Region, owner: User) -> None:
    said = race(*[lambda: services.apply_for_recognition(carrier, county, by=owner)] * 4)
    assert said.count("done") == 1
    assert sum("不用重复提交" in words for words in said) == 3
    assert CarrierRecognition.objects.count() == 1


def test_a_decision_and_a_withdrawal_end_in_one_state(
    carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = services.apply_for_recognition(carrier, county, by=owner)
    task = ReviewTask.objects.get(case=reviews.live_case(row), status="open")
    office = officer.groups.get().office
    said = race(
        lambda: reviews.decide(task, by=officer, office=office, decision="approve"),
        lambda: services.withdraw_recognition(row, by=owner),
    )
    assert said.count("done") == 1
    row.refresh_from_db()
    carrier.refresh_from_db()
    assert row.status == ("recognized" if said[0] == "done" else "withdrawn")
    assert carrier.shown is (said[0] == "done")


def test_a_suspension_and_an_end_leave_the_end(carrier: Carrier, county: Region, officer: User) -> None:
    row = make_recognition(carrier, county)
    race(
        lambda: services.end_recognition(row, by=officer, reason="机构注销"),
        lambda: services.suspend_recognition(row, by=officer, reason="资质过期"),
    )
    row.refresh_from_db()
    carrier.refresh_from_db()
    assert (row.status, carrier.shown, carrier.standings) == ("ended", False, [])


def test_two_regions_at_once_are_both_on_the_carrier(carrier: Carrier, county: Region) -> None:
    province, city = cast.make_region("330000"), cast.make_region("320000")
    officers = [cast.make_officer(region.code, "review_recognition", kind="province") for region in (province, city)]
    said = race(
        *[
            lambda by=by, region=region: services.recognize_directly(carrier, region, by=by, reason="名录")  # type: ignore[misc]
            for by, region in zip(officers, (province, city), strict=True)
        ]
    )
    assert said == ["done", "done"]
    carrier.refresh_from_db()
    assert {row["path"] for row in carrier.standings} == {province.path, city.path}


def test_ratings_at_once_are_all_counted(carrier: Carrier) -> None:
    service = make_service(carrier)
    race(*[lambda: services.add_rating(carrier, service, stars=5, default=False)] * 5)
    service.refresh_from_db()
    carrier.refresh_from_db()
    assert (service.stars_total, service.stars_count, carrier.stars_total) == (25, 5, 25)


def test_taking_out_twice_is_written_down_once(carrier: Carrier, owner: User) -> None:
    service = make_service(carrier)
    race(*[lambda: services.set_listed(service, by=owner, listed=False)] * 3)
    assert AuditRow.objects.filter(verb="offering.unlisted").count() == 1
