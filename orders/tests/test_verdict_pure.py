"""The verdict without pages: every state, every print, every reader; what is receivable and what is shown."""

from copy import deepcopy
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from carriers.tests.factories import make_carrier
from innovation_voucher.tests import cast
from orders.tests.factories import World, make_order, voucher_of
from orders.verdicts import ENDED, UNKNOWN, verdict
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12", "ZJ-10")]

#: What a live voucher is to the people of its carrier.
BOUND = {
    "requested": "not_issued",
    "returned": "not_issued",
    "issued": "to_receive",
    "confirmed": "received",
    "redeeming": "received",
    "paid": "received",
}
OTHERS = {
    "holder": "own",
    "holder's viewer": "own",
    "other carrier": "other_carrier",
    "rival": "genuine",
    "officer": "genuine",
    "nobody": "genuine",
}
#: Signature's print: typed, forged, old, right (the voucher's is 2).
PRINTS: dict[str, dict[str, Any]] = {
    "typed": {"typed": True, "version": None},
    "forged": {"typed": False, "version": None},
    "old": {"typed": False, "version": 1},
    "right": {"typed": False, "version": 2},
}
BAD = {"forged": "unverified", "old": "reprinted"}
TONES = {"wait", "ok", "warn", "no"}


@pytest.fixture(scope="module")
def made(built: World) -> Voucher:
    return voucher_of(make_order(built, "issued"))


@pytest.fixture
def voucher(world: World, made: Voucher) -> Voucher:
    found = deepcopy(made)
    found.print_version = 2
    return found


@pytest.fixture(scope="module")
def readers(built: World) -> dict[str, Any]:
    return {
        "bound": built.seller,
        "bound viewer": cast.make_member(built.carrier.organization, role="viewer"),
        "holder": built.owner,
        "holder's viewer": cast.make_member(built.enterprise, role="viewer"),
        "other carrier": cast.owner_of(make_carrier().organization),
        "rival": cast.owner_of(cast.rival()),
        "officer": cast.make_officer(cast.COUNTY, "view_cases", "review_use"),
        "nobody": AnonymousUser(),
    }


@pytest.fixture
def people(world: World, readers: dict[str, Any]) -> dict[str, Any]:
    return deepcopy(readers)


def in_state(voucher: Voucher, status: str, *, frozen: str = "") -> Voucher:
    """The voucher as it would be in that state; nothing is saved."""
    voucher.__dict__["status"] = status
    voucher.frozen_reason = frozen
    return voucher


def expected(status: str, print_: str, reader: str) -> str:
    if status in ENDED:
        return status
    if print_ in BAD:
        return BAD[print_]
    if reader == "bound":
        return BOUND[status]
    if reader == "bound viewer":
        return "no_role" if status == "issued" else BOUND[status]
    return OTHERS[reader]


@pytest.mark.parametrize("print_", PRINTS)
def test_the_whole_table_of_verdicts(voucher: Voucher, people: dict[str, Any], print_: str) -> None:
    for status, reader in product(Voucher.State.values, people):
        found = verdict(in_state(voucher, status), user=people[reader], **PRINTS[print_])
        assert found.code == expected(status, print_, reader), (status, reader)
        assert found.tone in TONES
        assert str(found.headline)


@pytest.mark.parametrize("print_", PRINTS)
def test_one_case_alone_can_be_received(voucher: Voucher, people: dict[str, Any], print_: str) -> None:
    able = {
        (status, reader)
        for status, reader in product(Voucher.State.values, people)
        if verdict(in_state(voucher, status), user=people[reader], **PRINTS[print_]).receivable
    }
    assert able == (set() if print_ in BAD else {("issued", "bound")})


@pytest.mark.parametrize("print_", PRINTS)
def test_the_contract_is_shown_to_its_two_sides_only(voucher: Voucher, people: dict[str, Any], print_: str) -> None:
    for status, reader in product(Voucher.State.values, people):
        found = verdict(in_state(voucher, status), user=people[reader], **PRINTS[print_])
        party = reader.startswith(("bound", "holder"))
        assert found.facts is (party and status not in ENDED and print_ not in BAD), (status, reader)


@pytest.mark.parametrize("print_", PRINTS)
def test_what_is_frozen_is_frozen_for_everybody_but_what_ended_ended(
    voucher: Voucher, people: dict[str, Any], print_: str
) -> None:
    for status, reader in product(Voucher.State.values, people):
        found = verdict(in_state(voucher, status, frozen="核查中"), user=people[reader], **PRINTS[print_])
        if status == "paid":
            assert found.code != "frozen", reader
            continue
        assert found.code == (status if status in ENDED else "frozen"), (status, reader)
        assert "核查中" not in f"{found.headline}{found.words}"
        assert not found.receivable


@pytest.mark.parametrize("typed", [True, False])
def test_a_voucher_that_is_not_there_is_the_same_to_everybody(people: dict[str, User], typed: bool) -> None:
    for person in people.values():
        assert verdict(None, user=person, version=None, typed=typed) == UNKNOWN


def test_every_state_has_its_place_in_the_table() -> None:
    assert set(ENDED) | set(BOUND) == set(Voucher.State.values)
    assert not set(ENDED) & set(BOUND)


def test_somebody_of_both_sides_reads_as_the_carrier(world: World, voucher: Voucher) -> None:
    both = cast.make_member(world.enterprise, user=cast.make_member(world.carrier.organization))
    assert verdict(voucher, user=both, version=None, typed=True).code == "to_receive"
