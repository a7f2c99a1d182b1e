"""The selects of sign-up at every level: what they offer, what they take, what they ask for."""

import pytest

from accounts.forms.region import LEVELS, WhoForm
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-1")]

PROVINCE, CITY = "330000", "330100"
WHOLE = {"kind": "enterprise", "province": PROVINCE, "city": CITY, "county": cast.COUNTY}


@pytest.fixture(autouse=True)
def tree() -> Region:
    cast.make_region(cast.OTHER_COUNTY)
    return cast.make_region()


def form(**chosen: str) -> WhoForm:
    return WhoForm({"kind": "enterprise", **chosen})


def offered(made: WhoForm, name: str) -> list[str]:
    return [code for code, _label in made.fields[name].widget.choices if code]


def child(parent_code: str, code: str, level: str) -> Region:
    parent = Region.objects.get(code=parent_code)
    return Region.objects.create(
        code=code, name=code, full_name=code, level=level, parent=parent, path=f"{parent.path}{code}/"
    )


def test_an_unbound_form_offers_provinces_only() -> None:
    made = WhoForm()
    assert PROVINCE in offered(made, "province")
    assert offered(made, "city") == offered(made, "county") == []
    assert made.region is None


def test_every_province_on_offer_is_one() -> None:
    provinces = set(Region.objects.filter(level="province").values_list("code", flat=True))
    assert set(offered(WhoForm(), "province")) == provinces


def test_a_province_opens_its_own_cities() -> None:
    made = form(province=PROVINCE)
    assert CITY in offered(made, "city")
    assert all(code.startswith("33") for code in offered(made, "city"))
    assert offered(made, "county") == []


def test_a_city_opens_its_own_counties() -> None:
    made = form(province=PROVINCE, city=CITY)
    assert {cast.COUNTY, cast.OTHER_COUNTY} <= set(offered(made, "county"))
    assert all(code.startswith("3301") for code in offered(made, "county"))


@pytest.mark.parametrize(
    ("chosen", "missing"),
    [
        ({}, "province"),
        ({"province": PROVINCE}, "city"),
        ({"province": PROVINCE, "city": CITY}, "county"),
        ({"province": PROVINCE, "city": CITY, "county": cast.COUNTY}, ""),
        ({"province": PROVINCE, "county": cast.COUNTY}, "city"),
        ({"city": CITY, "county": cast.COUNTY}, "province"),
    ],
)
def test_the_uppermost_open_select_is_the_missing_one(chosen: dict[str, str], missing: str) -> None:
    assert form(**chosen).next_missing == missing


@pytest.mark.parametrize("asked", LEVELS)
def test_only_the_select_that_was_asked_for_is_told_off(asked: str) -> None:
    made = form(province=PROVINCE, asked=asked)
    made.is_valid()
    assert set(made.errors) == ({"city"} if asked == "city" else set())


@pytest.mark.parametrize(("name", "code"), [("province", CITY), ("city", cast.COUNTY), ("county", CITY)])
def test_a_region_of_another_level_is_no_choice(name: str, code: str) -> None:
    assert form(**{**WHOLE, name: code}).next_missing == name


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("code", ["", "999999", "<b>", "330108/"])
def test_what_is_not_in_the_select_is_as_if_it_were_open(name: str, code: str) -> None:
    made = form(**{**WHOLE, name: code})
    assert made.region is None
    assert made.next_missing == name


@pytest.mark.parametrize("kind", ["enterprise", "entrepreneur", "carrier"])
def test_a_whole_choice_is_a_valid_form(kind: str, tree: Region) -> None:
    made = WhoForm({**WHOLE, "kind": kind})
    assert made.is_valid()
    assert made.region == tree


@pytest.mark.parametrize("kind", ["", "bureau", "ENTERPRISE"])
def test_a_kind_that_is_none_is_told(kind: str) -> None:
    made = WhoForm({**WHOLE, "kind": kind})
    assert not made.is_valid()
    assert set(made.errors) == {"kind"}


def test_a_municipality_with_counties_at_once_needs_its_middle_level() -> None:
    cast.make_region("110101")
    made = form(province="110000")
    assert made.region is None
    assert made.next_missing == "city"


def test_a_province_without_anything_below_stands_for_itself() -> None:
    lone = Region.objects.create(
        code="990000", name="独立省", full_name="独立省", level="province", parent=None, path="990000/"
    )
    made = form(province=lone.code)
    assert made.region == lone
    assert made.is_valid()


def test_a_city_with_nothing_but_zones_stands_for_itself() -> None:
    city = child(PROVINCE, "339900", "city")
    child(city.code, "339900-Z1", "zone")
    made = form(province=PROVINCE, city=city.code)
    assert made.region == city
    assert offered(made, "county") == []


def test_a_zone_is_on_offer_at_no_level(tree: Region) -> None:
    zones = {child(parent, f"{parent}-Z9", "zone").code for parent in (PROVINCE, CITY, cast.COUNTY)}
    made = WhoForm(WHOLE)
    assert zones.isdisjoint(code for name in LEVELS for code in offered(made, name))
    assert made.region == tree


def test_selects_that_wait_say_so() -> None:
    made = form(province=PROVINCE)
    assert made.fields["city"].widget.choices[0] == ("", "请选择")
    assert made.fields["county"].widget.choices[0] == ("", "先选上一级")
