"""Contracts entered offline, and orders handed in anew: who is refused, and what goes along."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from carriers.models import CarrierRecognition, Service
from carriers.tests.factories import category, make_carrier, make_recognition, make_service
from innovation_voucher.casework import attachments
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Attachment
from innovation_voucher.lib.tests.files import pdf
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, booking, give_contract, make_order, make_world, use_of
from orders.tests.watch import nothing_changes, refused, what_is_left

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-11", "ZJ-8")]


def enter(world: World, **changes: Any) -> Order:
    values = {"organization": world.enterprise, "programme": world.programme, "by": world.owner, **changes}
    return services.place_offline(booking=values.pop("booking", booking(world)), **values)


def unlisted(world: World) -> Service:
    return make_service(world.carrier, "下架的服务", listed=False)


def ineligible(world: World) -> Service:
    return make_service(world.carrier, "自费的服务", voucher_eligible=False)


def elsewhere(world: World) -> Service:
    carrier = make_carrier(shown=True)
    make_recognition(carrier, cast.make_region(cast.OTHER_COUNTY))
    return make_service(carrier)


def suspended(world: World) -> Service:
    recognition = CarrierRecognition.objects.get(carrier=world.carrier)
    recognition.suspend()
    recognition.save()
    return world.service


ITEMS: dict[str, tuple[Callable[[World], Service], str]] = {
    "unlisted": (unlisted, "已下架"),
    "ineligible": (ineligible, "不在创新券支持范围"),
    "recognized elsewhere": (elsewhere, "尚未认可"),
    "suspended": (suspended, "暂停认可"),
}


@pytest.mark.parametrize("case", ITEMS)
def test_a_service_that_no_voucher_pays_for_is_not_entered(world: World, case: str) -> None:
    make, words = ITEMS[case]
    item = make(world)
    refused(lambda: enter(world, booking=booking(world, item=item)), words)


@pytest.mark.parametrize("case", ITEMS)
def test_the_page_refuses_the_same_and_finds_none_of_them(world: World, buyer: Client, case: str) -> None:
    make, _words = ITEMS[case]
    item = make(world)
    address = reverse("ent-use-offline")
    with nothing_changes():
        assert buyer.post(address, {"_token": new_token(), "service": item.number}).status_code == 422
        assert list(buyer.get(address, {"q": item.title}).context["found"]) == []


@pytest.mark.parametrize("number", ["", "FW-0", "<b>", "x" * 200])
def test_an_unknown_service_is_not_found(world: World, buyer: Client, number: str) -> None:
    with nothing_changes():
        response = buyer.post(reverse("ent-use-offline"), {"_token": new_token(), "service": number})
        assert response.status_code == 404


@pytest.mark.parametrize(("offline_use", "open_"), [("no", False), ("registered", True), ("yes", True), (None, False)])
def test_the_scheme_decides_whether_contracts_come_in_offline(db: None, offline_use: str | None, open_: bool) -> None:
    world = make_world(offline_use=offline_use)
    if open_:
        assert enter(world).status == "accepted"
    else:
        refused(lambda: enter(world), "不能线下使用")


def test_entering_tells_the_carrier_and_leaves_one_row(world: World) -> None:
    with what_is_left() as left:
        order = enter(world)
    assert left.verbs == ["order.offline"]
    assert left.told == {("order.offline", "carrier")}
    assert (order.accepted_at, order.agreed_amount) == (order.placed_at, None)


def test_a_used_offline_contract_asks_for_its_evidence_like_any_other(world: World) -> None:
    order = enter(world)
    refused(lambda: services.use_voucher(order, by=world.owner, use=use_of()), "还差 1 份")
    give_contract(world, order)
    assert services.use_voucher(order, by=world.owner, use=use_of(8_000)).contract_amount == 8_000


def test_who_only_reads_does_not_reach_the_search(world: World) -> None:
    for role in ("viewer", "finance"):
        client = client_of(cast.make_member(world.enterprise, role=role))
        assert client.get(reverse("ent-use-offline")).status_code == 403


# --- Handed in anew -------------------------------------------------------------------------

#: What the copy has of its original; everything that was agreed.
KEPT = (
    "organization_id",
    "region_id",
    "carrier_id",
    "service_id",
    "programme_id",
    "channel",
    "title",
    "category_name",
    "contact_name",
    "contact_phone",
    "quantity",
    "unit",
    "need",
    "answers",
    "reference_price",
    "agreed_amount",
    "promised_on",
    "placed_at",
    "accepted_at",
    "placed_by_id",
)


@pytest.fixture
def voided(world: World) -> Order:
    return make_order(world, "voided")


def test_the_copy_has_every_fact_and_nothing_of_the_ending(world: World, voided: Order) -> None:
    fresh = Order.objects.get(pk=services.resubmit_order(voided, by=world.owner).pk)
    assert {name: getattr(fresh, name) for name in KEPT} == {name: getattr(voided, name) for name in KEPT}
    assert (fresh.status, fresh.voucher_id, fresh.ended_at, fresh.end_reason) == ("accepted", None, None, "")
    assert fresh.number != voided.number


def test_files_go_along_as_copies_under_addresses_of_their_own(world: World, voided: Order) -> None:
    fresh = services.resubmit_order(voided, by=world.owner)
    (old,), (new,) = attachments.files(voided), attachments.files(fresh)
    assert (new.name, new.sha256, new.key) == (old.name, old.sha256, old.key)
    assert (new.token != old.token, new.pk != old.pk) == (True, True)


def test_taking_the_copied_file_away_leaves_the_original(world: World, voided: Order) -> None:
    fresh = services.resubmit_order(voided, by=world.owner)
    services.remove_evidence(fresh, attachments.files(fresh)[0], by=world.owner)
    assert (len(attachments.files(voided)), len(attachments.files(fresh))) == (1, 0)
    refused(lambda: services.use_voucher(fresh, by=world.owner, use=use_of()), "还差 1 份")


def test_the_template_with_the_old_number_stays_behind(world: World) -> None:
    order = make_order(world, "voided")
    attachments.generated(order, "contract_template", name="模板.pdf", content=pdf(), by=world.owner)
    fresh = services.resubmit_order(order, by=world.owner)
    assert [file.key for file in attachments.files(fresh)] == ["contract"]
    assert Attachment.objects.filter(key="contract_template", removed_at=None).count() == 1


def test_the_old_order_keeps_its_voucher_and_names_the_new_one(world: World, voided: Order) -> None:
    fresh = services.resubmit_order(voided, by=world.owner)
    voided.refresh_from_db()
    assert (voided.status, voided.voucher is None) == ("cancelled", False)
    assert fresh.number in voided.end_reason


def test_three_times_anew_is_a_chain_with_one_live_order(world: World) -> None:
    from vouchers.services import void_voucher

    order = make_order(world, "voided")
    for _n in range(3):
        order = services.resubmit_order(order, by=world.owner)
        voucher = services.use_voucher(order, by=world.owner, use=use_of(8_000))
        void_voucher(voucher, by=world.owner, reason="填错")
        order = Order.objects.get(pk=order.pk)
    assert list(Order.objects.order_by("id").values_list("status", flat=True)) == ["cancelled"] * 3 + ["accepted"]


def test_an_order_of_a_service_that_is_gone_is_still_handed_in_anew(world: World, voided: Order) -> None:
    Service.objects.filter(pk=world.service.pk).update(listed=False, category=category("010102"))
    assert services.resubmit_order(voided, by=world.owner).category_name == voided.category_name
