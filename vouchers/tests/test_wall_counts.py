"""The wall: each quick view holds the vouchers of its states, and says how many."""

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from innovation_voucher.tests import cast
from vouchers import cards, rules
from vouchers.models import Voucher
from vouchers.statuses import VOUCHER

from . import factories
from .pages import client_of, put_into, text

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-10")]

#: View -> the states that belong into it, as people understand its words.
BELONGS: dict[str, set[str]] = {
    "": set(Voucher.State.values),
    "mine": {"returned", "returned_by_carrier"},
    "live": {"requested", "issued", "confirmed", "redeeming"},
    "paid": {"paid"},
    "over": {"refused", "voided", "terminated", "lapsed"},
}


@pytest.fixture(scope="module")
def built(kept: Path) -> dict[str, Voucher]:
    """One voucher in every state."""
    enterprise, programme, carrier = cast.enterprise(), factories.make_programme(), factories.make_carrier()
    factories.claim(enterprise, programme, 100_000)
    found = {}
    for state in Voucher.State.values:
        found[state] = factories.make_voucher(enterprise, programme, carrier, contract=100)
        put_into(found[state], state)
    return found


@pytest.fixture
def wall(built: dict[str, Voucher]) -> dict[str, Voucher]:
    return deepcopy(built)


@pytest.fixture
def enterprise(request: pytest.FixtureRequest) -> Organization:
    """The holder of the kept wall, or one whose wall is empty."""
    kept = "wall" in request.fixturenames
    holder: Organization = request.getfixturevalue("wall")["issued"].organization if kept else cast.enterprise()
    return holder


@pytest.fixture
def one(wall: dict[str, Voucher], state: str) -> Voucher:
    """The voucher in the state that the test names."""
    return Voucher.objects.select_related("programme", "snapshot").get(pk=wall[state].pk)


@pytest.fixture
def client(owner: User) -> Client:
    return client_of(owner)


def shown(response: Any) -> set[str]:
    found = set(re.findall(r"/ent/vouchers/([0-9A-Z]{12})/\"", response.content.decode()))
    return {Voucher.objects.get(code=code).status for code in found}


@pytest.mark.parametrize("view", BELONGS)
def test_a_view_shows_its_states_and_no_other(client: Client, wall: dict[str, Voucher], view: str) -> None:
    response = client.get(reverse("ent-vouchers"), {"view": view} if view else {})
    assert shown(response) == BELONGS[view]
    assert response.content.decode().count("<article") == len(BELONGS[view])


def test_every_view_says_how_many_it_holds(client: Client, wall: dict[str, Voucher]) -> None:
    page = client.get(reverse("ent-vouchers"))
    counts = {view["url"]: view["count"] for view in page.context["views"]}
    assert counts == {f"?view={key}" if key else "?": len(states) for key, states in BELONGS.items()}
    assert f"共 {len(wall)} 张" in text(page)


def test_every_state_but_all_is_in_exactly_one_view() -> None:
    inside = [state for key, _words, states in cards.VIEWS if key for state in states]
    assert sorted(inside) == sorted(Voucher.State.values)


def test_vouchers_of_others_are_not_counted(client: Client, wall: dict[str, Voucher]) -> None:
    factories.make_voucher(cast.rival(), wall["issued"].programme, contract=100)
    assert f"共 {len(wall)} 张" in text(client.get(reverse("ent-vouchers")))


@pytest.mark.parametrize("state", Voucher.State.values)
def test_a_card_says_state_turn_and_whether_it_can_be_ticked(one: Voucher, state: str) -> None:
    card = cards.card_of(one, may_write=True)
    assert card.tag == VOUCHER[state]
    assert card.tickable is (state in {"requested", "returned", "issued"})
    assert bool(card.qr_url) is (state in rules.LIVE)
    looks = {"act": BELONGS["mine"], "paid": {"paid"}, "over": BELONGS["over"], "": BELONGS["live"]}
    assert state in looks[card.look]


@pytest.mark.parametrize("state", Voucher.State.values)
def test_a_reader_ticks_nothing(one: Voucher, state: str) -> None:
    assert not cards.card_of(one).tickable
    assert not cards.card_of(one, full=True, may_write=True).tickable


def test_what_the_carrier_sent_back_says_why(wall: dict[str, Voucher]) -> None:
    voucher = wall["returned_by_carrier"]
    voucher.end_reason = "合同编号与原件不符"
    assert cards.card_of(voucher).foot == "轮到您：合同编号与原件不符"
    voucher.end_reason = ""
    assert cards.card_of(voucher).foot == VOUCHER["returned_by_carrier"].next_text


def test_a_confirmed_one_says_until_when_it_can_be_redeemed(wall: dict[str, Voucher]) -> None:
    voucher = wall["confirmed"]
    assert str(cards.card_of(voucher).foot) == f"{voucher.redeem_until.isoformat()}前可兑付"


def test_a_frozen_one_cannot_be_ticked(client: Client, wall: dict[str, Voucher]) -> None:
    Voucher.objects.filter(pk=wall["issued"].pk).update(frozen_reason="核查中")
    html = client.get(reverse("ent-vouchers")).content.decode()
    assert f'value="{wall["issued"].code}"' not in html
    assert f'value="{wall["requested"].code}"' in html


def test_where_nothing_can_be_ticked_there_is_no_button(client: Client, wall: dict[str, Voucher]) -> None:
    assert "作废选中的创新券" in text(client.get(reverse("ent-vouchers")))
    assert "作废选中的创新券" not in text(client.get(reverse("ent-vouchers"), {"view": "over"}))


def test_an_empty_wall_leads_to_the_quota(client: Client) -> None:
    page = client.get(reverse("ent-vouchers"))
    assert "这里还没有创新券" in text(page)
    assert reverse("ent-quota") in page.content.decode()


@pytest.mark.parametrize("number", ["0", "x", "99", "-1"])
def test_a_page_that_does_not_exist_is_the_nearest_one(client: Client, wall: dict[str, Voucher], number: str) -> None:
    response = client.get(reverse("ent-vouchers"), {"page": number})
    assert response.status_code == 200
    assert response.content.decode().count("<article") == len(wall)


@pytest.mark.parametrize("state", Voucher.State.values)
def test_the_page_of_one_voucher_opens_in_every_state(client: Client, one: Voucher, state: str) -> None:
    response = client.get(reverse("ent-voucher", args=[one.code]))
    assert response.status_code == 200
    page = text(response)
    assert str(VOUCHER[state].label) in page
    assert ("下载 PDF" in page) is (state in rules.LIVE)
    assert ("生成新的打印版" in page) is (state in rules.LIVE)
    assert ("作废此券" in page) is (state in {"requested", "returned", "issued"})


@pytest.mark.parametrize(("state", "found"), [(s, s in rules.LIVE) for s in Voucher.State.values])
def test_only_a_living_voucher_has_a_code_to_scan(client: Client, one: Voucher, state: str, found: bool) -> None:
    response = client.get(reverse("ent-voucher-qr", args=[one.code]))
    assert response.status_code == (200 if found else 404)


def test_counts_of_no_rows_are_zero() -> None:
    assert cards.view_counts([]) == dict.fromkeys(BELONGS, 0)
