"""Rights on the tree of regions, and who counts as holding one."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django import DjangoAssertNumQueries

from innovation_voucher.casework import rights
from innovation_voucher.casework.models import Office, Region
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db

CLAIM = "review_claim"
CITY = "330100"


@pytest.fixture
def county() -> Region:
    return cast.make_region(cast.COUNTY)


@pytest.fixture
def sibling() -> Region:
    return cast.make_region(cast.OTHER_COUNTY)


@pytest.mark.feature("X-1")
def test_a_right_covers_the_region_and_what_lies_below(county: Region, sibling: Region) -> None:
    officer = cast.make_officer(CITY, CLAIM)
    assert rights.holds(officer, CLAIM, county)
    assert rights.holds(officer, CLAIM, sibling)
    assert rights.holds(officer, CLAIM, cast.make_region(CITY))
    assert not rights.holds(officer, CLAIM, cast.make_region("330000"))


def test_a_right_reaches_no_sibling(county: Region, sibling: Region) -> None:
    officer = cast.make_officer(cast.COUNTY, CLAIM)
    assert rights.holds(officer, CLAIM, county)
    assert not rights.holds(officer, CLAIM, sibling)
    assert list(rights.regions_for(officer, CLAIM)) == [county]


def test_a_code_that_begins_alike_is_not_below(county: Region) -> None:
    twin = Region.objects.create(
        code="3301080", name="x", full_name="x", level="zone", path=f"{county.path.rstrip('/')}0/"
    )
    officer = cast.make_officer(cast.COUNTY, CLAIM)
    assert not rights.holds(officer, CLAIM, twin)
    assert twin not in rights.regions_for(officer, CLAIM)


def test_one_right_is_not_another(county: Region) -> None:
    officer = cast.make_officer(cast.COUNTY, CLAIM)
    assert not rights.holds(officer, "review_use", county)
    assert not rights.regions_for(officer, "review_use").exists()


def test_superusers_and_global_permissions_count_for_nothing(county: Region) -> None:
    root = cast.make_user("根", is_superuser=True, is_staff=True)
    clerk = cast.make_user("员")
    clerk.user_permissions.add(Permission.objects.get(codename=CLAIM, content_type__app_label="casework"))
    for person in (root, clerk):
        assert not rights.holds(person, CLAIM, county)
        assert not rights.regions_for(person, CLAIM).exists()
        assert person not in rights.holders(CLAIM, county)


def test_inactive_people_hold_nothing(county: Region) -> None:
    officer = cast.make_officer(cast.COUNTY, CLAIM)
    officer.is_active = False
    officer.save()
    assert not rights.holds(officer, CLAIM, county)
    assert not rights.regions_for(officer, CLAIM).exists()
    assert officer not in rights.holders(CLAIM, county)


def test_nobody_holds_nothing(county: Region) -> None:
    assert not rights.holds(None, CLAIM, county)
    assert rights.reach(None) == {}


def test_a_single_person_may_be_given_a_right_and_lose_it(county: Region, sibling: Region) -> None:
    person = cast.make_user()
    rights.grant(person, CLAIM, county)
    rights.grant(person, CLAIM, county)
    assert rights.holds(person, CLAIM, county)
    assert list(rights.holders(CLAIM, county)) == [person]
    rights.revoke(person, CLAIM, county)
    assert not rights.holds(person, CLAIM, county)


def test_leaving_the_office_ends_the_right_at_once(county: Region) -> None:
    officer = cast.make_officer(cast.COUNTY, CLAIM)
    officer.groups.clear()
    assert not rights.holds(officer, CLAIM, county)
    assert not rights.offices_of(officer).exists()


def test_regions_take_two_queries_however_many_there_are(
    county: Region, sibling: Region, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    officer = cast.make_officer(CITY, CLAIM)
    cast.make_officer(cast.COUNTY, CLAIM, office=cast.make_office("agency", cast.COUNTY, rights=(CLAIM,)))
    with django_assert_num_queries(2):
        assert {county, sibling} <= set(rights.regions_for(officer, CLAIM))
    with django_assert_num_queries(1):
        assert rights.holds(officer, CLAIM, county)


def test_offices_that_can_are_named_nearest_first(county: Region) -> None:
    far = cast.make_office("province", "330000", rights=(CLAIM,))
    near = cast.make_office("bureau", cast.COUNTY, rights=(CLAIM,))
    cast.make_office("bureau", cast.OTHER_COUNTY, rights=(CLAIM,))
    assert list(rights.offices_with(CLAIM, county)) == [near, far]
    assert list(Office.objects.filter(pk=far.pk)) == [far]
