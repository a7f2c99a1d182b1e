"""Using a voucher on an order: what is asked, what is refused, what happens afterwards."""

from decimal import Decimal

import pytest

from accounts.models import User
from carriers.tests.factories import category, make_service
from innovation_voucher.casework import attachments
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Attachment, Message
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.factories import (
    World,
    booking,
    contract_file,
    give_contract,
    make_order,
    make_world,
    use_of,
    voucher_of,
)
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import terminate_voucher, void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-8")]


def quota(world: World) -> tuple[Decimal, Decimal]:
    account = QuotaAccount.objects.get(organization=world.enterprise)
    return account.available, account.held


# --- Evidence -------------------------------------------------------------------------------


@pytest.mark.feature("ZO-10")
def test_the_contract_is_saved_at_once_and_can_be_taken_back(world: World) -> None:
    order = make_order(world, "contract")
    (file,) = attachments.files(order, "contract")
    services.remove_evidence(order, file, by=world.owner)
    assert attachments.files(order) == []


def test_only_the_enterprise_gives_the_contract(world: World, stranger: User) -> None:
    order = make_order(world, "accepted")
    for person in (world.seller, stranger):
        with pytest.raises(NotAllowed):
            services.add_evidence(order, "contract", by=person, name="a.pdf", data=contract_file())
    assert not Attachment.objects.exists()


def test_files_wait_for_the_carriers_answer_and_stand_once_a_voucher_does(world: World) -> None:
    placed = make_order(world)
    with pytest.raises(Refused, match="待机构确认"):
        give_contract(world, placed)
    used = make_order(world, "issued")
    with pytest.raises(Refused, match="不能再修改"):
        give_contract(world, used)
    with pytest.raises(Refused):
        services.remove_evidence(used, attachments.files(used)[0], by=world.owner)
    assert len(attachments.files(used)) == 1


def test_a_row_takes_no_more_than_its_maximum_and_can_be_replaced(db: None) -> None:
    row = {"key": "quote", "label": "报价单", "formats": ["pdf"], "max_bytes": 1_000_000, "maximum": 1}
    world = make_world(evidence=(row,))
    order = make_order(world, "accepted")
    first = services.add_evidence(order, "quote", by=world.owner, name="一.pdf", data=contract_file())
    with pytest.raises(Refused, match="最多 1 份"):
        services.add_evidence(order, "quote", by=world.owner, name="二.pdf", data=contract_file())
    services.add_evidence(order, "quote", by=world.owner, name="二.pdf", data=contract_file(), replaces=first)
    assert [file.name for file in attachments.files(order, "quote")] == ["二.pdf"]


def test_what_no_row_asks_for_is_not_taken(world: World) -> None:
    order = make_order(world, "accepted")
    with pytest.raises(Refused, match="不需要上传"):
        services.add_evidence(order, "poem", by=world.owner, name="a.pdf", data=contract_file())


# --- The use --------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-7")
def test_a_used_voucher_holds_quota_and_waits_for_the_carrier(world: World) -> None:
    order = make_order(world, "issued", contract=30_000)
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, voucher.redeemer) == ("issued", Decimal(20_000), "carrier")
    assert (voucher.service_title, voucher.contract_number) == ("样机环境可靠性试验", "HT-118")
    assert quota(world) == (Decimal(30_000), Decimal(20_000))
    assert Message.objects.filter(user=world.seller, kind="voucher.issued").count() == 1


def test_a_contract_of_8000_is_paid_in_full(world: World) -> None:
    assert voucher_of(make_order(world, "issued", contract=8_000)).amount == Decimal(8_000)


def test_only_people_who_write_for_the_enterprise_use_a_voucher(world: World, stranger: User) -> None:
    order = make_order(world, "contract")
    for person in (stranger, world.seller, cast.make_member(world.enterprise, role="finance")):
        with pytest.raises(NotAllowed):
            services.use_voucher(order, by=person, use=use_of())
    assert not Voucher.objects.exists()
    assert quota(world)[1] == 0


def test_a_voucher_needs_the_contract_of_an_accepted_order(world: World) -> None:
    with pytest.raises(Refused, match="还差 1 份"):
        services.use_voucher(make_order(world, "accepted"), by=world.owner, use=use_of())
    with pytest.raises(Refused, match="待机构确认"):
        services.use_voucher(make_order(world), by=world.owner, use=use_of())
    assert not Voucher.objects.exists()


def test_an_order_takes_one_voucher(world: World) -> None:
    order = make_order(world, "issued")
    with pytest.raises(Refused, match="已经使用过"):
        services.use_voucher(order, by=world.owner, use=use_of())
    assert Voucher.objects.count() == 1


def test_statutory_inspection_is_not_paid(db: None) -> None:
    """Scenario 9: statutory inspection."""
    world = make_world(excluded_categories=[category().parent.code])
    order = make_order(world, "contract")
    with pytest.raises(Refused, match="不在创新券补贴范围"):
        services.use_voucher(order, by=world.owner, use=use_of())
    assert quota(world)[1] == 0


def test_a_related_carrier_is_refused(world: World) -> None:
    """Scenario 9: a related carrier."""
    order = make_order(world, "contract")
    for organization in (world.enterprise, world.carrier.organization):
        organization.legal_person = "何立"
        organization.save()
    with pytest.raises(Refused, match="法定代表人相同"):
        services.use_voucher(order, by=world.owner, use=use_of())
    assert not Voucher.objects.exists()


def test_a_contract_below_the_minimum_is_refused(db: None) -> None:
    world = make_world(min_contract=Decimal(4_000))
    order = make_order(world, "contract")
    with pytest.raises(Refused, match="不到 4,000 元"):
        services.use_voucher(order, by=world.owner, use=use_of("3999.99"))
    assert services.use_voucher(order, by=world.owner, use=use_of(4_000)).amount == Decimal(4_000)


def test_what_is_left_cuts_the_amount_and_nothing_left_refuses(db: None) -> None:
    world = make_world(quota=5_000)
    assert voucher_of(make_order(world, "issued")).amount == Decimal(5_000)
    with pytest.raises(Refused, match="可用额度为 0"):
        make_order(world, "issued")


def test_the_estimate_says_what_decided(world: World) -> None:
    order = make_order(world, "accepted")
    found = services.estimate(order, Decimal(30_000))
    assert found.words == "10,000 ＋ 20,000 × 50% ＝ 20,000 元"
    assert services.estimate(order, Decimal(200_000)).decided_by == "remaining"


def test_an_order_without_a_scheme_takes_no_voucher(world: World) -> None:
    order = services.place_order(organization=world.enterprise, programme=None, booking=booking(world), by=world.owner)
    services.accept_order(order, by=world.seller, amount=Decimal(100), promised_on=None)
    give_contract(world, order)
    with pytest.raises(Refused, match="没有选择创新券方案"):
        services.use_voucher(Order.objects.get(pk=order.pk), by=world.owner, use=use_of())


def test_where_accepting_the_order_confirms_the_carrier_is_not_asked_again(db: None) -> None:
    world = make_world(confirmation="order_accepted")
    voucher = voucher_of(make_order(world, "issued"))
    assert (voucher.status, voucher.confirmed_by) == ("confirmed", None)


def test_the_voucher_keeps_the_rules_of_the_day_of_its_request(world: World) -> None:
    order = make_order(world, "contract")
    before = order.snapshot_id
    from vouchers.tests.factories import add_override

    add_override(world.programme, world.enterprise.region, redeemer="enterprise")
    with pytest.raises(Refused, match="兑付方"):
        services.use_voucher(order, by=world.owner, use=use_of(redeemer="carrier"))
    voucher = services.use_voucher(order, by=world.owner, use=use_of(redeemer="enterprise"))
    order.refresh_from_db()
    assert order.snapshot_id == voucher.snapshot_id != before


# --- Offline --------------------------------------------------------------------------------


@pytest.mark.feature("ZO-11")
def test_a_contract_signed_offline_is_an_accepted_order(world: World) -> None:
    order = services.place_offline(
        organization=world.enterprise, programme=world.programme, booking=booking(world), by=world.owner
    )
    assert (order.status, order.channel) == ("accepted", "offline")
    give_contract(world, order)
    assert services.use_voucher(order, by=world.owner, use=use_of()).status == "issued"


@pytest.mark.feature("ZO-11")
def test_an_unregistered_carrier_and_a_scheme_that_forbids_it_are_refused(db: None) -> None:
    world = make_world(offline_use="no")
    values = {"organization": world.enterprise, "programme": world.programme, "by": world.owner}
    with pytest.raises(Refused, match="不能线下使用"):
        services.place_offline(**values, booking=booking(world))
    with pytest.raises(Refused, match="尚未认可"):
        services.place_offline(**values, booking=booking(world, item=make_service()))
    assert not Order.objects.exists()


# --- When the voucher ended -----------------------------------------------------------------


@pytest.mark.feature("ZJ-9")
def test_a_voided_voucher_gives_quota_back_and_the_order_can_be_handed_in_anew(world: World) -> None:
    order = make_order(world, "voided")
    assert quota(world) == (Decimal(50_000), Decimal(0))
    fresh = services.resubmit_order(order, by=world.owner)
    order.refresh_from_db()
    assert (order.status, fresh.status, fresh.voucher) == ("cancelled", "accepted", None)
    assert fresh.number in order.end_reason
    assert [file.name for file in attachments.files(fresh)] == ["合同.pdf"]
    assert services.use_voucher(fresh, by=world.owner, use=use_of(20_000)).amount == Decimal(15_000)


@pytest.mark.feature("ZJ-9")
def test_after_the_confirmation_only_the_bureau_ends_it(world: World) -> None:
    order = make_order(world, "received")
    with pytest.raises(Refused, match="联系科技局终止"):
        void_voucher(voucher_of(order), by=world.owner, reason="不用了")
    officer = cast.make_officer(cast.COUNTY, "terminate_voucher")
    terminate_voucher(voucher_of(order), by=officer, office=None, reason="合同未履行")
    assert quota(world) == (Decimal(50_000), Decimal(0))
    assert services.resubmit_order(order, by=world.owner).status == "accepted"


@pytest.mark.feature("ZJ-9")
def test_a_living_voucher_and_the_other_side_cannot_resubmit(world: World) -> None:
    living, ended = make_order(world, "issued"), make_order(world, "voided")
    with pytest.raises(Refused):
        services.resubmit_order(living, by=world.owner)
    with pytest.raises(NotAllowed):
        services.resubmit_order(ended, by=world.seller)
    assert Order.objects.count() == 2
