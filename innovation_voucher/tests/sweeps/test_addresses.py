"""Role x address x method x own or foreign object: every cell is in the tables, and nothing else exists."""

from itertools import product

import pytest
from django.urls import NoReverseMatch, reverse

from innovation_voucher.casework.models import Region
from innovation_voucher.tests.cast import make_user, phone
from innovation_voucher.tests.kept import undone
from innovation_voucher.tests.sweeps.addresses_carrier import CARRIER
from innovation_voucher.tests.sweeps.addresses_desk import DESK
from innovation_voucher.tests.sweeps.addresses_enterprise import ENTERPRISE
from innovation_voucher.tests.sweeps.addresses_persons import PERSONS
from innovation_voucher.tests.sweeps.addresses_public import PUBLIC
from innovation_voucher.tests.sweeps.knocking import Address, Door, found, names, unchanged
from innovation_voucher.tests.sweeps.people import EVERYBODY, spell, written
from innovation_voucher.tests.sweeps.world import World

ADDRESSES: dict[str, Address] = PUBLIC | PERSONS | ENTERPRISE | CARRIER | DESK

#: Pages of the library for accounts: their answers are its business, that none breaks is ours.
ALLAUTH = {name for name in names() if name.startswith(("account_", "mfa_", "usersessions_"))} - set(ADDRESSES)
ADMIN = {name for name in names() if name.startswith("admin:")}
#: Letters of people who may enter the admin.
STAFF = "STUX"
#: What anybody may ask of the admin: its sign-in page, which leads to ours.
ADMIN_DOOR = {"admin:login", "admin:logout"}


def test_every_address_is_listed_once() -> None:
    listed = [*PUBLIC, *PERSONS, *ENTERPRISE, *CARRIER, *DESK]
    assert len(listed) == len(set(listed))
    assert names() - ADMIN - ALLAUTH - set(listed) == set()
    assert set(listed) - names() == set()


def test_rows_are_read_as_they_are_written() -> None:
    statuses = spell("302 A, 404 NR, 200 *")
    assert set(statuses) == set(EVERYBODY)
    assert [statuses[letter] for letter in "ANRX"] == [302, 404, 404, 200]
    assert spell(written(statuses)) == statuses


def test_no_cell_expects_an_error_of_ours() -> None:
    listed = [(address.get, address.post, address.get_foreign, address.post_foreign) for address in ADDRESSES.values()]
    rows = [row for four in listed for row in four if row]
    assert {status for row in rows for status in spell(row).values()} <= {200, 302, 401, 403, 404, 405, 409, 422}
    assert all(set(spell(row)) >= set(EVERYBODY) for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_everybody_gets_what_the_table_says(world: World, door: Door, name: str) -> None:
    address = ADDRESSES[name]
    wrong = []
    for method, foreign, row in address.rows():
        answers, expected = found(door, name, address, method, foreign=foreign, row=row), spell(row)
        if answers != expected:
            wrong.append(f"{method} {'foreign' if foreign else 'own'}: {written(answers)} instead of {row}")
    assert wrong == []


# --- The admin and the accounts of the library ----------------------------------------------------


def example(name: str) -> str:
    """An address of that name with an object that may or may not exist."""
    for kwargs in ({}, {"object_id": "1"}, {"pk": 1}, {"app_label": "casework"}):
        try:
            return reverse(name, kwargs=kwargs)
        except NoReverseMatch:
            continue
    return reverse(name, args=["1", "2"] if name == "admin:view_on_site" else ["1"])


@pytest.mark.parametrize("name", sorted(ADMIN - ADMIN_DOOR))
def test_only_staff_enter_the_admin_and_rights_decide_inside(world: World, door: Door, name: str) -> None:
    url = example(name)
    with unchanged(door, url):
        for letter, method in product("AOX", ("get", "post")):
            status = door.knock(letter, method, url, {"reason": "试一下"})
            assert status < 500, f"{letter} {method}"
            assert letter in STAFF or status in {302, 403, 404, 405}, f"{letter} {method} {status}"


def test_a_write_shows_in_the_cheap_sign_and_in_the_rows(world: World, door: Door) -> None:
    renamed, somebody = Region.objects.filter(code="330108"), {"username": "cheap", "phone": phone(98_000_000)}
    for what in (lambda: make_user("甲", **somebody), lambda: renamed.update(name="")):
        with pytest.raises(AssertionError, match="it was written"), undone(), unchanged(door, "it was written"):
            what()
    with unchanged(door, "taken back"), undone():
        make_user("甲", **somebody)


LIBRARY_ADDRESSES = {
    "account_confirm_email": ["nothing"],
    "account_reset_password_from_key": ["1", "set-password"],
}


@pytest.mark.parametrize("name", sorted(ALLAUTH))
def test_no_page_of_the_library_breaks(world: World, door: Door, name: str) -> None:
    url = reverse(name, args=LIBRARY_ADDRESSES.get(name, []))
    for letter in ("A", "B"):
        for method in ("get", "post"):
            with undone():
                assert door.knock(letter, method, url, {}) < 500, f"{letter} {method}"
