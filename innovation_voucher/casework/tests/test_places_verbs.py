"""Offices and zones as their operators set them up: rights, people, and the place in the tree."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from innovation_voucher.casework import invariants, places, rights, seeds
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow, Office, Region
from innovation_voucher.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> User:
    return cast.make_user("运维", is_staff=True, is_superuser=True)


def save(office: Office, *held: str, people: tuple[User, ...] = (), by: Any = None) -> Office:
    return places.save_office(office, by=by, rights_held=held, people=people)


def new_office(name: str = "新区科技局", code: str = cast.COUNTY) -> Office:
    return Office(name=name, kind="bureau", region=cast.make_region(code))


# --- Offices --------------------------------------------------------------------------------


def test_an_office_starts_with_a_group_that_nobody_else_has(operator: User) -> None:
    old = Group.objects.create(name="新区科技局")
    old.user_set.add(cast.make_user())
    office = save(new_office(), "audit", by=operator)
    assert office.group != old
    assert not office.group.user_set.exists()
    assert office.group.name.startswith("新区科技局 ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ()),
        ((), ("audit",)),
        (("audit",), ()),
        (("audit", "settle"), ("settle", "countersign")),
        (("audit",), ("audit",)),
    ],
)
def test_the_rights_are_those_of_the_last_save(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    office = save(new_office(), *before)
    save(office, *after)
    assert places.rights_of(office) == sorted(after)
    person = cast.make_officer(office=office)
    assert {right for right, _words in places.all_rights() if rights.holds(person, right, office.region)} == set(after)


def test_an_office_that_moves_takes_its_rights_along() -> None:
    office = save(new_office(), "audit")
    person = cast.make_officer(office=office)
    old, new = office.region, cast.make_region(cast.OTHER_COUNTY)
    office.region = new
    save(office, "audit", people=(person,))
    assert not rights.holds(person, "audit", old)
    assert rights.holds(person, "audit", new)


def test_rights_elsewhere_are_not_touched() -> None:
    office = save(new_office(), "audit")
    far = cast.make_region(cast.OTHER_COUNTY)
    rights.grant(office, "settle", far)
    save(office)
    assert rights.holds(cast.make_officer(office=office), "settle", far)
    assert places.rights_of(office) == []


def test_people_come_and_go_with_the_list() -> None:
    first, second = cast.make_user(), cast.make_user()
    office = save(new_office(), people=(first,))
    save(office, people=(second,))
    assert list(office.group.user_set.all()) == [second]
    assert not rights.offices_of(first).exists()


def test_a_save_is_on_the_record_with_before_and_after(operator: User) -> None:
    person = cast.make_user()
    office = save(new_office(), "audit", by=operator)
    office.region = cast.make_region(cast.OTHER_COUNTY)
    save(office, "settle", people=(person,), by=operator)
    first, second = AuditRow.objects.filter(verb="office.saved").order_by("id")
    assert first.before == {}
    assert second.before == {"rights": ["audit"], "region": cast.COUNTY}
    assert second.after == {"rights": ["settle"], "region": cast.OTHER_COUNTY, "people": [person.username]}
    assert (second.actor_id, second.region_path) == (operator.pk, office.region.path)


def test_every_right_has_words_and_is_named_once() -> None:
    found = places.all_rights()
    assert len({name for name, _words in found}) == len(found) >= 14
    assert all(str(words).strip() for _name, words in found)


# --- Zones ----------------------------------------------------------------------------------


def zone(parent: Region | None, code: str = "330108G1", name: str = "高新区") -> Region:
    return Region(code=code, name=name, parent=parent)


@pytest.mark.parametrize("code", ["330000", "330100", "330108"])
def test_a_zone_may_lie_in_any_region_of_the_tree(code: str) -> None:
    parent = cast.make_region(code)
    made = places.save_zone(zone(parent), by=None)
    assert (made.level, made.path) == ("zone", f"{parent.path}330108G1/")
    assert made.full_name == f"{parent.full_name}高新区"
    assert list(invariants.region_paths()) == []


def test_a_zone_that_moves_is_found_in_its_new_place() -> None:
    made = places.save_zone(zone(cast.make_region()), by=None)
    made.parent = cast.make_region(cast.OTHER_COUNTY)
    places.save_zone(made, by=None)
    fresh = Region.objects.get(pk=made.pk)
    assert fresh.ancestor_codes == ["330000", "330100", cast.OTHER_COUNTY, "330108G1"]
    assert list(invariants.region_paths()) == []


def test_a_zone_lies_neither_nowhere_nor_in_a_zone() -> None:
    made = places.save_zone(zone(cast.make_region()), by=None)
    for parent in (None, made):
        with pytest.raises(Refused, match="高新区须在省、市、县之下，选一个上级地区。"):
            places.save_zone(zone(parent, "330108G2"), by=None)
    assert not Region.objects.filter(code="330108G2").exists()
    assert AuditRow.objects.filter(verb="region.zone").count() == 1


@pytest.mark.parametrize("code", ["33/0106", "a/330106", "330106/", "/", "高新", "a b", "a.b", "%"])
def test_a_code_that_would_reach_into_other_regions_is_not_taken(client: Client, code: str) -> None:
    """A slash in a code would put the code of another county among the zone's ancestors."""
    county = cast.make_region()
    officer = cast.make_officer(cast.COUNTY, "set_rules")
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    client.force_login(officer)
    before = Region.objects.count()
    data = {"code": code, "name": "高新区", "parent": county.pk, "latitude": "", "longitude": ""}
    response = client.post("/admin/casework/region/add/", data)
    assert response.status_code == 200
    assert "code" in response.context["adminform"].form.errors
    assert Region.objects.count() == before


@pytest.mark.parametrize("code", ["330108G01", "GXQ-1", "a1"])
def test_letters_digits_and_hyphens_make_a_code(client: Client, code: str) -> None:
    officer = cast.make_officer(cast.COUNTY, "set_rules")
    User.objects.filter(pk=officer.pk).update(is_staff=True)
    client.force_login(officer)
    data = {"code": code, "name": "高新区", "parent": cast.make_region().pk, "latitude": "", "longitude": ""}
    assert client.post("/admin/casework/region/add/", data).status_code == 302
    assert Region.objects.get(code=code).level == "zone"


# --- The committed tree ---------------------------------------------------------------------


def row(code: str, level: str, parent: str = "", name: str = "某地") -> dict[str, str]:
    return {"code": code, "level": level, "parent": parent, "name": name, "latitude": "", "longitude": "120.5"}


def test_a_tree_is_loaded_whatever_the_order_of_its_rows() -> None:
    rows = [row("990101", "county", "990100"), row("990000", "province"), row("990100", "city", "990000")]
    loaded = seeds.load_regions(rows=iter(rows))
    assert (loaded.added, loaded.changed) == (3, 0)
    county = Region.objects.get(code="990101")
    assert (county.path, county.full_name) == ("990000/990100/990101/", "某地某地某地")
    assert (county.latitude, county.longitude) == (None, 120.5)


def test_a_zone_follows_its_county_when_the_file_moves_it() -> None:
    base = [row("990000", "province"), row("990100", "city", "990000"), row("990200", "city", "990000")]
    seeds.load_regions(rows=iter([*base, row("990101", "county", "990100")]))
    made = places.save_zone(zone(Region.objects.get(code="990101"), "990101G1"), by=None)
    loaded = seeds.load_regions(rows=iter([*base, row("990101", "county", "990200")]))
    assert loaded.changed == 2
    assert Region.objects.get(pk=made.pk).path == "990000/990200/990101/990101G1/"
    assert list(invariants.region_paths()) == []


def test_a_row_under_an_unknown_parent_stops_the_load() -> None:
    with pytest.raises(KeyError, match="999999"):
        seeds.load_regions(rows=iter([row("990101", "county", "999999")]))
