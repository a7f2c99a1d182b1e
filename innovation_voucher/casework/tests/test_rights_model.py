"""Rights on a tree of regions, against a plain model: every question gives the same answer."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Q
from hypothesis import given, strategies as st

from accounts.models import User
from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Office, Region, ReviewTask
from innovation_voucher.tests import cast
from innovation_voucher.tests.kept import undone

from .examples import FEW

pytestmark = pytest.mark.django_db

CODES = ["330000", "330100", "330106", "330108", "330500", "330521", "320000", "320100"]
ABOVE = {"330100": "330000", "330106": "330100", "330108": "330100", "330500": "330000", "330521": "330500"}
ABOVE["320100"] = "320000"
RIGHTS = ["review_claim", "review_use", "audit"]
Given = set[tuple[int, str, str]]
GIVEN = st.sets(st.tuples(st.integers(0, 1), st.sampled_from(RIGHTS), st.sampled_from(CODES)), max_size=5)


def covered(granted: Given, right: str, code: str | None) -> bool:
    """By hand: some node from here up to the root carries the right."""
    while code:
        if any(r == right and c == code for _who, r, c in granted):
            return True
        code = ABOVE.get(code)
    return False


@pytest.fixture
def regions() -> dict[str, Region]:
    return {code: cast.make_region(code) for code in CODES}


@pytest.fixture
def person() -> User:
    return cast.make_officer()


def give(person: User, granted: Given, regions: dict[str, Region]) -> None:
    """Half of the rights through the office, half to the person."""
    office = Office.objects.get(group__user=person)
    for who, right, code in granted:
        rights.grant(person if who else office, right, regions[code])


@FEW
@given(granted=GIVEN, right=st.sampled_from(RIGHTS))
def test_every_question_agrees_with_the_tree(
    person: User, regions: dict[str, Region], granted: Given, right: str
) -> None:
    with undone():
        give(person, granted, regions)
        reach = rights.reach(person)
        within = set(rights.regions_for(person, right).filter(code__in=CODES).values_list("code", flat=True))
        for code, region in regions.items():
            expected = covered(granted, right, code)
            assert rights.covers(reach, right, region) is expected
            assert (code in within) is expected
            assert rights.holds(person, right, region) is expected


@FEW
@given(granted=GIVEN, right=st.sampled_from(RIGHTS), code=st.sampled_from(CODES))
def test_whoever_holds_a_right_is_named_when_asked_who_does(
    person: User, regions: dict[str, Region], granted: Given, right: str, code: str
) -> None:
    with undone():
        give(person, granted, regions)
        named = rights.holders(right, regions[code])
        assert (person in named) is rights.holds(person, right, regions[code])
        assert len(named) == len(set(named))


@FEW
@given(granted=GIVEN, taken=GIVEN)
def test_what_is_taken_back_on_its_own_node_is_gone_and_nothing_else(
    person: User, regions: dict[str, Region], granted: Given, taken: Given
) -> None:
    with undone():
        give(person, granted, regions)
        office = Office.objects.get(group__user=person)
        for who, right, code in taken:
            rights.revoke(person if who else office, right, regions[code])
        left = granted - taken
        for right in RIGHTS:
            for code in CODES:
                assert rights.holds(person, right, regions[code]) is covered(left, right, code)


def test_granting_twice_is_once_and_revoking_nothing_is_harmless(person: User, regions: dict[str, Region]) -> None:
    for _ in range(2):
        rights.grant(person, "audit", regions["330108"])
    rights.revoke(person, "audit", regions["330108"])
    rights.revoke(person, "audit", regions["330108"])
    assert not rights.holds(person, "audit", regions["330108"])
    assert rights.reach(person) == {}


def test_a_right_of_the_office_is_the_right_of_everybody_in_it_and_of_nobody_else(regions: dict[str, Region]) -> None:
    office = cast.make_office("bureau", rights=("audit",))
    inside, outside = cast.make_officer(office=office), cast.make_user()
    rights.grant(office.group, "review_use", regions["330108"])
    assert rights.holds(inside, "review_use", regions["330108"])
    assert list(rights.holders("audit", regions["330108"])) == [inside]
    assert not rights.holds(outside, "audit", regions["330108"])


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_reaches_nothing(regions: dict[str, Region], nobody: Any) -> None:
    assert rights.reach(nobody) == {}
    assert not rights.holds(nobody, "audit", regions["330108"])
    assert not rights.regions_for(nobody, "audit").exists()


def test_an_unknown_right_is_held_by_nobody_and_cannot_be_given(person: User, regions: dict[str, Region]) -> None:
    assert not rights.holds(person, "fly", regions["330108"])
    with pytest.raises(Permission.DoesNotExist):
        rights.grant(person, "fly", regions["330108"])
    assert rights.reach(person) == {}


def test_no_path_is_below_no_node() -> None:
    assert not Region.objects.filter(rights.below([])).exists()
    assert rights.within({}, right="step__right", path="region__path") == Q(pk__in=())
    assert not ReviewTask.objects.filter(
        rights.within({"audit": []}, right="step__right", path="region__path")
    ).exists()


@pytest.mark.parametrize(
    ("upper", "lower", "inside"),
    [
        ("330000", "330108", True),
        ("330108", "330108", True),
        ("330108", "330100", False),
        ("330106", "330108", False),
        ("320000", "330108", False),
    ],
)
def test_a_region_covers_itself_and_what_lies_below(
    regions: dict[str, Region], upper: str, lower: str, inside: bool
) -> None:
    assert regions[upper].covers(regions[lower]) is inside
    assert (upper in regions[lower].ancestor_codes) is inside


def test_a_zone_is_in_the_reach_of_its_county(person: User, regions: dict[str, Region]) -> None:
    county = regions["330108"]
    zone = Region.objects.create(
        code="330108G1", name="高新区", full_name="高新区", level="zone", parent=county, path=f"{county.path}330108G1/"
    )
    rights.grant(person, "audit", county)
    assert rights.holds(person, "audit", zone)
    assert zone in rights.regions_for(person, "audit")
    rights.revoke(person, "audit", county)
    rights.grant(person, "audit", zone)
    assert not rights.holds(person, "audit", county)
    assert list(rights.regions_for(person, "audit")) == [zone]
