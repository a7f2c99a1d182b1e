"""Where a recognition counts, and the sentences for where it does not."""

from typing import Any

import pytest

from accounts.models import User
from carriers import rules
from carriers.models import Carrier, CarrierRecognition
from carriers.statuses import RECOGNITION
from innovation_voucher.casework.models import Region
from innovation_voucher.casework.statuses import status_of
from innovation_voucher.tests import cast

from .factories import make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["330108", "330100", "330000"])
def test_a_recognition_covers_everything_below_it(carrier: Carrier, county: Region, code: str) -> None:
    make_recognition(carrier, cast.make_region(code))
    assert rules.recognized_in(carrier, county)
    assert rules.bookable(carrier, county) == (True, "")


@pytest.mark.parametrize("code", ["330106", "330200", "320000"])
def test_a_recognition_elsewhere_counts_for_nothing(carrier: Carrier, county: Region, code: str) -> None:
    make_recognition(carrier, cast.make_region(code))
    assert not rules.recognized_in(carrier, county)


def test_a_county_s_recognition_does_not_reach_its_province(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    assert not rules.recognized_in(carrier, cast.make_region("330000"))


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "rejected", "withdrawn", "suspended", "ended"])
def test_only_recognized_counts(carrier: Carrier, county: Region, state: str) -> None:
    make_recognition(carrier, county, state)
    assert not rules.recognized_in(carrier, county)


def test_a_suspension_says_so_with_the_reader_s_region(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, cast.make_region("330100"), "suspended")
    assert rules.bookable(carrier, county) == (False, f"{county.name}已暂停认可该机构，恢复前不能用券预约")


def test_a_county_s_suspension_leaves_the_province_s_recognition(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county, "suspended")
    make_recognition(carrier, cast.make_region("330000"))
    assert rules.recognized_in(carrier, county)


def test_no_recognition_names_the_reader_s_region(carrier: Carrier, county: Region) -> None:
    assert rules.bookable(carrier, county) == (False, f"{county.name}尚未认可该机构，不能用券预约")


def test_an_item_answers_for_itself_first(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    assert rules.bookable(make_service(carrier), county)[0]
    assert rules.bookable(make_instrument(carrier), county)[0]
    assert "已下架" in rules.bookable(make_service(carrier, listed=False), county)[1]
    assert "可自费预约" in rules.bookable(make_service(carrier, voucher_eligible=False), county)[1]


def test_the_answer_takes_one_query(carrier: Carrier, county: Region, django_assert_num_queries: Any) -> None:
    service = make_service(carrier)
    with django_assert_num_queries(1):
        rules.bookable(service, county)


def test_what_a_profile_lacks_is_named() -> None:
    empty = make_carrier(summary=" ", contact_name="", contact_phone="", address="")
    assert rules.profile_gaps(empty) == ["机构简介", "联系人", "联系电话", "地址"]
    assert rules.profile_gaps(make_carrier()) == []


def test_an_incomplete_profile_cannot_apply(county: Region) -> None:
    allowed, reason = rules.may_apply(make_carrier(summary=""), county)
    assert not allowed
    assert reason == "机构资料还缺机构简介，补全后再提交入库"


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "recognized", "suspended"])
def test_a_region_is_asked_once(carrier: Carrier, county: Region, state: str) -> None:
    make_recognition(carrier, county, state)
    allowed, reason = rules.may_apply(carrier, county)
    assert not allowed
    assert "不用重复提交" in reason


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "ended"])
def test_what_is_over_may_be_asked_anew(carrier: Carrier, county: Region, state: str) -> None:
    make_recognition(carrier, county, state)
    assert rules.may_apply(carrier, county)[0]


def test_what_is_covered_from_above_needs_no_application(carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, cast.make_region("330000"))
    assert "上级地区已认可" in rules.may_apply(carrier, county)[1]


def test_who_may_see_an_application(
    carrier: Carrier,
    county: Region,
    owner: User,
    stranger: User,
    officer: User,
    viewer_officer: User,
    foreign_officer: User,
) -> None:
    row = make_recognition(carrier, county, "submitted")
    reader = cast.make_member(carrier.organization, role="viewer")
    assert [rules.may_see(user, row) for user in (owner, reader, officer, viewer_officer)] == [True] * 4
    assert [rules.may_see(user, row) for user in (stranger, foreign_officer)] == [False] * 2


def test_the_province_decides_below_it(carrier: Carrier, county: Region, foreign_officer: User) -> None:
    row = make_recognition(carrier, county)
    provincial = cast.make_officer("330000", "review_recognition", kind="province")
    assert rules.may_decide(provincial, row)[0]
    allowed, reason = rules.may_decide(foreign_officer, row)
    assert not allowed
    assert county.name in reason


def test_a_superuser_is_no_bureau(carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county)
    assert not rules.may_decide(cast.make_user(is_superuser=True, is_staff=True), row)[0]


@pytest.mark.parametrize(("listed", "label", "tone"), [(True, "已上架", "green"), (False, "已下架", "grey")])
def test_an_offer_has_one_word_and_one_tone(carrier: Carrier, listed: bool, label: str, tone: str) -> None:
    for make in (make_service, make_instrument):
        row = status_of(make(carrier, listed=listed))
        assert (str(row.label), row.tone) == (label, tone)


def test_every_state_of_a_recognition_has_its_word() -> None:
    assert set(RECOGNITION) == set(CarrierRecognition.State.values)
    assert all(str(RECOGNITION[state].label) == CarrierRecognition.State(state).label for state in RECOGNITION)
