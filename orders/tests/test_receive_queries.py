"""What receiving asks the database over HTTP (performance.md, G12), and that asking less forgot nothing."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carriers.models import CarrierRecognition
from carriers.rules import standing_in
from innovation_voucher.casework import memo
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import AuditRow, Message, OneTimeToken, Outgoing
from innovation_voucher.tests import cast
from orders.services import lock_for_receiving, receive_locked
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.models import Voucher
from vouchers.services import signature

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-8")]
BUDGET = 8
_NO_QUERY = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def post(client: Client, voucher: Voucher, token: str = "") -> tuple[Any, list[str]]:
    """The answer to 确认接收此券, and the statements that it took."""
    body = {"_token": token or new_token(), "signature": signature(voucher), "checked": "on"}
    with CaptureQueriesContext(connection) as queries:
        response = client.post(f"/q/{voucher.code}/receive/", body)
    said = [query["sql"] for query in queries.captured_queries]
    return response, [sql for sql in said if not sql.startswith(_NO_QUERY)]


def recognition(world: World) -> CarrierRecognition:
    return CarrierRecognition.objects.get(carrier=world.carrier)


def test_receiving_takes_at_most_eight_queries(world: World, seller: Client) -> None:
    first, second = voucher_of(make_order(world, "issued")), voucher_of(make_order(world, "issued"))
    post(seller, first)  # policies and content types are known after the first
    response, queries = post(seller, second)
    assert response.status_code == 302
    assert len(queries) <= BUDGET, "\n".join(queries)


def test_the_voucher_is_locked_before_anything_is_asked_about_it(world: World, seller: Client) -> None:
    _response, queries = post(seller, voucher_of(make_order(world, "issued")))
    about = [sql for sql in queries if "vouchers_voucher" in sql]
    assert "FOR NO KEY UPDATE" in about[0]
    assert "vouchers_quotaaccount" not in "".join(queries), "receiving moves no quota"


def test_all_that_belongs_to_it_is_written(world: World, seller: Client) -> None:
    voucher, token = voucher_of(make_order(world, "issued")), new_token()
    response, _queries = post(seller, voucher, token)
    assert {row.verb for row in AuditRow.objects.filter(actor_id=world.seller.pk)} >= {
        "voucher.confirmed",
        "order.voucher_received",
    }
    assert Message.objects.filter(user=world.owner, kind="voucher.confirmed").count() == 1
    assert Outgoing.objects.filter(kind="voucher.confirmed", to=world.owner.phone).count() == 1
    assert OneTimeToken.objects.get(token=token).redirect == response["Location"]


def test_the_same_token_again_asks_and_changes_nothing_more(world: World, seller: Client) -> None:
    voucher, token = voucher_of(make_order(world, "issued")), new_token()
    post(seller, voucher, token)
    rows = AuditRow.objects.count()
    response, queries = post(seller, voucher, token)
    assert response.status_code == 302
    assert not [sql for sql in queries if sql.startswith("UPDATE")]
    assert AuditRow.objects.count() == rows


def test_a_suspension_is_seen_by_the_next_post(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    suspended = recognition(world)
    suspended.suspend()
    suspended.save()
    response, _queries = post(seller, voucher)
    assert response.status_code == 302
    voucher.refresh_from_db()
    assert voucher.status == "issued"
    assert not Message.objects.filter(kind="voucher.confirmed").exists()


def test_a_lost_role_is_seen_by_the_next_post(world: World, seller: Client) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    world.seller.memberships.update(active=False)
    response, _queries = post(seller, voucher)
    assert response.status_code == 403
    voucher.refresh_from_db()
    assert voucher.status == "issued"


def test_much_money_asks_for_the_password_and_takes_the_token_back() -> None:
    world = make_world(receive_mfa_over=1)
    client = Client()
    client.login(username=world.seller.username, password=cast.PASSWORD)
    client.force_login(world.seller)
    voucher, token = voucher_of(make_order(world, "issued")), new_token()
    response, _queries = post(client, voucher, token)
    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not OneTimeToken.objects.filter(token=token).exists()
    voucher.refresh_from_db()
    assert voucher.status == "issued"


@pytest.mark.parametrize("state", ["recognized", "suspended", "ended"])
def test_the_standing_that_comes_with_the_lock_is_the_one_that_would_be_read(world: World, state: str) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    row = recognition(world)
    if state != "recognized":
        row.suspend() if state == "suspended" else row.end()
        row.save()
    region = voucher.region
    with memo.remembering():
        order = lock_for_receiving(voucher.code)
        assert order is not None
        with CaptureQueriesContext(connection) as queries:
            brought = standing_in(world.carrier, region)
    assert not len(queries)
    assert brought == standing_in(world.carrier, region) == ("" if state == "ended" else state)


def test_a_code_of_nobody_locks_nothing(world: World) -> None:
    assert lock_for_receiving(None) is None
    assert lock_for_receiving("000000000000") is None


def test_what_was_locked_is_received(world: World) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    order = lock_for_receiving(voucher.code)
    assert order is not None
    assert receive_locked(order, by=world.seller, road="link").status == "confirmed"
    voucher.refresh_from_db()
    assert (voucher.status, voucher.confirmed_by) == ("confirmed", world.seller)
