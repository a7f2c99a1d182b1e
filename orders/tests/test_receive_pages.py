"""The POSTs of the verdict page: tick, once-token, password for much, other people's vouchers."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from carriers.tests.factories import make_carrier
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.tests import cast
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.models import Voucher
from vouchers.services import reprint, signature

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-12", "ZJ-8")]


def post(client: Client, voucher: Voucher, act: str = "receive", **data: Any) -> Any:
    values = {"_token": new_token(), "signature": signature(voucher), "checked": "on", **data}
    return client.post(f"/q/{voucher.code}/{act}/", values)


def state(voucher: Voucher) -> str:
    return str(Voucher.objects.get(pk=voucher.pk).status)


def test_the_carrier_receives_and_reads_who_and_when(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    response = post(seller, voucher)
    assert response.status_code == 302
    page = seller.get(response["Location"]).content.decode()
    assert "已由本机构确认" in page
    assert f"经办人 {world.seller}" in page
    assert "扫下一张" in page


def test_the_same_post_twice_and_a_second_form_do_no_harm(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    token = new_token()
    first, again = post(seller, voucher, _token=token), post(seller, voucher, _token=token)
    other = post(seller, voucher)
    assert first["Location"] == again["Location"] == other["Location"]
    assert state(voucher) == "confirmed"


def test_without_the_tick_or_the_token_nothing_happens(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    response = post(seller, voucher, checked="")
    assert response.status_code == 422
    assert "核对合同后勾选" in response.content.decode()
    assert post(seller, voucher, _token="").status_code == 422
    assert state(voucher) == "issued"


def test_a_get_receives_nothing(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    assert seller.get(f"/q/{voucher.code}/receive/").status_code == 405
    assert state(voucher) == "issued"


def test_strangers_are_refused(world: World, buyer: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    other = client_of(cast.owner_of(make_carrier().organization))
    for client in (buyer, other):
        for act in ("receive", "return"):
            assert post(client, voucher, act, reason="x").status_code == 403
    assert post(Client(), voucher)["Location"].startswith("/accounts/login/")
    assert state(voucher) == "issued"


def test_an_old_print_and_a_forged_one_cannot_be_received(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    old = signature(voucher)
    reprint(voucher, by=world.owner)
    for bad in (old, "A" * 22):
        assert post(seller, voucher, signature=bad).status_code == 302
        assert state(voucher) == "issued"


def test_a_typed_code_is_enough_for_the_bound_carrier(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    assert post(seller, voucher, signature="").status_code == 302
    assert state(voucher) == "confirmed"


def test_sending_back_needs_a_reason(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    assert post(seller, voucher, "return", reason="").status_code == 422
    assert state(voucher) == "issued"
    assert post(seller, voucher, "return", reason="合同编号不符").status_code == 302
    assert state(voucher) == "returned_by_carrier"


def test_much_money_asks_for_the_password_again(db: None) -> None:
    world = make_world(quota=100_000)
    voucher = voucher_of(make_order(world, "issued", contract=100_000))
    assert voucher.amount == Decimal(55_000)
    seller = client_of(world.seller)
    response = post(seller, voucher)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert state(voucher) == "issued"
    done = seller.post(response["Location"], {"password": cast.PASSWORD})
    assert done.status_code == 302
    assert state(voucher) == "confirmed"
