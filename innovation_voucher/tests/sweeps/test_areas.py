"""The tables of addresses against rules that no answer was copied into: whose area, whose object."""

from collections.abc import Iterator

import pytest

from innovation_voucher.tests.sweeps.addresses_carrier import CARRIER
from innovation_voucher.tests.sweeps.addresses_desk import DESK
from innovation_voucher.tests.sweeps.addresses_enterprise import ENTERPRISE
from innovation_voucher.tests.sweeps.addresses_persons import PERSONS
from innovation_voucher.tests.sweeps.addresses_public import PUBLIC
from innovation_voucher.tests.sweeps.knocking import Address
from innovation_voucher.tests.sweeps.people import EVERYBODY, spell

ADDRESSES: dict[str, Address] = PUBLIC | PERSONS | ENTERPRISE | CARRIER | DESK

#: Answers that let nobody do anything: not signed in, may not, is not there, not this method.
REFUSALS = {302, 403, 404, 405}
ORGANIZATIONS, CARRIERS, OFFICES = set("NBHFVRECK"), set("CK"), set("OPGSTUZ")
THIRD_PARTY = set("Z")
NOBODY, ROOT = "A", "X"
#: First part of a name -> who has business there at all.
AREAS = {"ent": ORGANIZATIONS, "order": ORGANIZATIONS, "redeem": ORGANIZATIONS, "carrier": CARRIERS, "desk": OFFICES}
AREAS["settle"] = THIRD_PARTY
#: Pages that one area opens to another, and why.
SHARED = {
    "carrier-open": ORGANIZATIONS,  # any organization may become a carrier
    "carrier-page": set(EVERYBODY),  # the public shop
    "carrier-redeem-list": ORGANIZATIONS,  # the list of whoever is paid, enterprise or carrier
    "desk-notice": ORGANIZATIONS | OFFICES,  # the letter that lists what to mend, for those who must
    "desk-notice-pdf": ORGANIZATIONS | OFFICES,
    "ent-redeem": ORGANIZATIONS | OFFICES,  # offices read the case that they decide on
}
#: To whom the object of the busy enterprise is nothing, and to whom that of its rival is.
STRANGERS = {False: set("NREKPX"), True: set("NBHFVEX")}
#: Addresses whose object is shown to strangers on purpose.
OPEN = {
    "verify": "whoever holds the paper may ask whether it is genuine",
    "verify-receive": "the code is known to whoever holds the paper; who is not its carrier is refused by 403",
    "desk-carrier": "the recognition of a carrier, seen by whoever looks after its region",
    "desk-carrier-act": "as above",
    "desk-case": "the foreign case is of another county, not of another enterprise",
    "desk-take": "as above",
    "file": "the foreign file is a carrier's, which its own people open",
    "file-page": "as above",
    "order-new": "a service of the catalogue, which everybody may book",
    "order-check": "as above",
}
#: Pages that answer a POST of somebody who cannot act with the page that says why; nothing is changed.
EXPLAINED = {"ent-claim-new", "order-new", "ent-redeem-papers", "ent-quick"}


def cells(name: str) -> Iterator[tuple[str, bool, str, int]]:
    """Method, whether the object is foreign, letter, status."""
    address = ADDRESSES[name]
    rows = [("get", False, address.get), ("post", False, address.post)]
    rows += [("get", True, address.get_foreign or address.get), ("post", True, address.post_foreign or address.post)]
    for method, foreign, row in rows:
        for letter, status in spell(row).items():
            yield method, foreign, letter, status


def of_area(name: str) -> set[str] | None:
    """Who may get anything there; None where the address belongs to no area."""
    return SHARED.get(name, AREAS.get(name.split("-", maxsplit=1)[0]))


@pytest.mark.parametrize("name", sorted(name for name in ADDRESSES if of_area(name) and name not in PUBLIC))
def test_outside_an_area_everything_is_refused(name: str) -> None:
    inside = of_area(name) or set()
    let_in = [cell for cell in cells(name) if cell[2] not in inside and cell[3] not in REFUSALS]
    assert let_in == []


@pytest.mark.parametrize("name", sorted(ADDRESSES.keys() - PUBLIC.keys()))
def test_nobody_signed_in_is_sent_to_sign_in(name: str) -> None:
    answers = {(method, status) for method, _foreign, letter, status in cells(name) if letter == NOBODY}
    allowed = {302, 405} | ({404} if name == "demo-outbox" else set()) | ({403, 404} if name in OUTSIDE else set())
    assert {status for _method, status in answers} <= allowed, answers


#: Addresses that say no before they ask who it is.
OUTSIDE = {"ent-order-contract-template"}


@pytest.mark.parametrize("name", sorted(n for n, a in ADDRESSES.items() if a.get_foreign or a.post_foreign))
def test_what_belongs_to_others_is_not_there(name: str) -> None:
    if name in OPEN:
        return
    inside = of_area(name) or set(EVERYBODY)
    shown = [
        (method, foreign, letter, status)
        for method, foreign, letter, status in cells(name)
        if letter in STRANGERS[foreign] and letter in inside and status not in {404, 405, 403, 302}
    ]
    assert [cell for cell in shown if cell[2] not in own_side(name, foreign=cell[1])] == []


def own_side(name: str, *, foreign: bool) -> set[str]:
    """Who owns the object on that side, beside those whom the letters of the cast already name."""
    if name.startswith("carrier-"):
        return {"K"} if foreign else {"C"}
    if name.startswith("desk-"):
        return {"P", "G", "S", "T", "U"} if foreign else {"O", "G", "S", "T", "U"}
    return {"R", "K"} if foreign else set("BHFV")


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_superuser_without_rights_sees_no_office_and_no_organization(name: str) -> None:
    if of_area(name) is None or name in PUBLIC:
        return
    assert {status for _method, _foreign, letter, status in cells(name) if letter == ROOT} <= {302, 403, 404, 405}


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_page_without_a_form_answers_a_post_with_405(name: str) -> None:
    """200 to a POST would mean that something was posted and nothing said about it."""
    posted = {status for method, _foreign, _letter, status in cells(name) if method == "post"}
    assert 200 not in posted or name in EXPLAINED | LOOK_ALIKE


#: Addresses that the library or a step of a form answers with a page.
LOOK_ALIKE = {"ent-use"}


def test_every_exception_names_an_address() -> None:
    named = SHARED.keys() | OPEN.keys() | EXPLAINED | OUTSIDE | LOOK_ALIKE
    assert named <= set(ADDRESSES)
