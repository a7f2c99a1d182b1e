"""Every page of quota and vouchers before everyone who is not the holder: nothing is shown, nothing moves."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.models import Membership, User
from innovation_voucher.tests import cast
from vouchers import rules
from vouchers.models import Claim, LedgerEntry, QuotaAccount, Voucher

from . import factories
from .pages import client_of, post

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A holder's voucher with its claim and account."""

    voucher: Voucher
    claim: Claim
    account: QuotaAccount


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    voucher = factories.make_voucher(cast.enterprise())
    return World(voucher, Claim.objects.get(), QuotaAccount.objects.get())


@pytest.fixture
def world(built: World) -> World:
    return deepcopy(built)


def rival(_world: World) -> User:
    return cast.owner_of(cast.rival())


def founder(_world: World) -> User:
    return cast.owner_of(cast.entrepreneur())


def bound_carrier(world: World) -> User:
    return cast.owner_of(world.voucher.carrier.organization)


def officer(_world: World) -> User:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "review_claim", "view_cases")


def far_officer(_world: World) -> User:
    return cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher")


def province(_world: World) -> User:
    return cast.make_officer("330000", "manage_programmes", kind="province")


def former_member(world: World) -> User:
    person = cast.make_member(world.voucher.organization)
    Membership.objects.filter(user=person).update(active=False)
    return person


def superuser(_world: World) -> User:
    return cast.make_user(is_superuser=True, is_staff=True)


STRANGERS: list[Callable[[World], User]] = [
    rival,
    founder,
    bound_carrier,
    officer,
    far_officer,
    province,
    former_member,
    superuser,
]

PAGES: dict[str, Callable[[World], tuple[Any, ...]]] = {
    "ent-voucher": lambda w: (w.voucher.code,),
    "ent-voucher-pdf": lambda w: (w.voucher.code,),
    "ent-voucher-qr": lambda w: (w.voucher.code,),
    "ent-claim": lambda w: (w.claim.number,),
    "ent-claim-done": lambda w: (w.claim.number,),
    "ent-ledger": lambda w: (w.account.number,),
}


def tables() -> list[Any]:
    rows = [list(model.objects.values()) for model in (Voucher, QuotaAccount, Claim)]
    return [*rows, LedgerEntry.objects.count()]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_page_of_anothers_opens_and_no_word_of_it_is_shown(world: World, stranger: Callable[[World], User]) -> None:
    client = client_of(stranger(world))
    for name, args in PAGES.items():
        response = client.get(reverse(name, args=args(world)))
        assert response.status_code in (302, 403, 404), name
        assert world.voucher.contract_name not in response.content.decode(), name


@pytest.mark.parametrize("stranger", STRANGERS)
def test_no_stranger_moves_anything(world: World, stranger: Callable[[World], User]) -> None:
    client, before = client_of(stranger(world)), tables()
    for name, args, data in [
        ("ent-voucher-void", (), {"code": world.voucher.code, "reason": "x"}),
        ("ent-voucher-reprint", (world.voucher.code,), {}),
    ]:
        assert post(client, name, *args, **data).status_code in (302, 403, 404), name
    assert tables() == before


@pytest.mark.parametrize("stranger", [rival, founder])
def test_who_has_an_organization_of_their_own_is_told_that_there_is_nothing(
    world: World, stranger: Callable[[World], User]
) -> None:
    client = client_of(stranger(world))
    assert {client.get(reverse(name, args=args(world))).status_code for name, args in PAGES.items()} == {404}
    response = client.get(reverse("ent-voucher-voided"), {"code": world.voucher.code})
    assert response.status_code == 404


@pytest.mark.parametrize("name", ["ent-quota", "ent-claim-new", "ent-vouchers", "ent-voucher-void"])
def test_lists_ask_who_is_there(world: World, name: str) -> None:
    response = client_of(None).get(reverse(name))
    assert response.status_code == 302
    assert "login" in response.url


@pytest.mark.parametrize("name", PAGES)
def test_single_pages_ask_who_is_there(world: World, name: str) -> None:
    response = client_of(None).get(reverse(name, args=PAGES[name](world)))
    assert response.status_code == 302
    assert "login" in response.url


def test_one_foreign_voucher_among_ones_own_stops_them_all(world: World) -> None:
    mine = factories.make_voucher(cast.rival(), world.voucher.programme, contract=100)
    client, before = client_of(cast.owner_of(mine.organization)), tables()
    response = post(client, "ent-voucher-void", code=[mine.code, world.voucher.code], reason="填错")
    assert response.status_code == 404
    assert tables() == before


@pytest.mark.parametrize("code", ["000000000000", "x", "7K3M-9QTX-2B8F", "a" * 200])
def test_a_code_of_no_voucher_is_a_404(world: World, code: str) -> None:
    client = client_of(cast.owner_of(world.voucher.organization))
    assert client.get(reverse("ent-voucher", args=[code])).status_code == 404
    assert client.get(reverse("ent-voucher-void"), {"code": code}).status_code == 404


@pytest.mark.parametrize("name", ["ent-voucher-reprint", "ent-voucher-void"])
def test_a_get_moves_nothing(world: World, name: str) -> None:
    client, before = client_of(cast.owner_of(world.voucher.organization)), tables()
    args = (world.voucher.code,) if name == "ent-voucher-reprint" else ()
    client.get(reverse(name, args=args), {"code": world.voucher.code, "reason": "x"})
    assert tables() == before


class TestWhoSeesItsFiles:
    """Holder, bound carrier, and offices with a right where it was accepted: rules.may_see."""

    @pytest.mark.parametrize("person", [bound_carrier, officer])
    def test_they_do(self, world: World, person: Callable[[World], User]) -> None:
        assert rules.may_see(person(world), world.voucher)
        assert rules.may_see(cast.owner_of(world.voucher.organization), world.voucher)

    @pytest.mark.parametrize("person", [rival, founder, far_officer, former_member, superuser])
    def test_they_do_not(self, world: World, person: Callable[[World], User]) -> None:
        assert not rules.may_see(person(world), world.voucher)

    def test_nobody_does_without_signing_in(self, world: World) -> None:
        assert not rules.may_see(AnonymousUser(), world.voucher)
        assert not rules.may_see(None, world.voucher)
