"""A voucher's worth and its refusals at their limits: tiers, quota, minimum, categories, parties."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from accounts.models import BankAccount, Membership
from carriers.models import Category
from carriers.tests.factories import category, make_service
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.factories import World, booking, give_contract, make_order, make_world, use_of
from orders.tests.watch import nothing_changes, refused
from vouchers.models import QuotaAccount

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-8")]


def account(world: World) -> QuotaAccount:
    return QuotaAccount.objects.get(organization=world.enterprise)


# --- Tiers ----------------------------------------------------------------------------------

#: Contract and worth, around the edge of the two tiers: all of 10,000, half of what is above.
EDGES = [
    ("0.01", "0.01"),
    ("1", "1"),
    ("9999.99", "9999.99"),
    ("10000", "10000"),
    ("10000.01", "10000.01"),
    ("10000.02", "10000.01"),
    ("10000.03", "10000.02"),
    ("10001", "10000.50"),
    ("89999.99", "50000"),
    ("89999.98", "49999.99"),
    ("90000", "50000"),
    ("90000.01", "50000"),
    ("999999999.99", "50000"),
]


def test_the_worth_of_a_contract_at_every_edge_of_the_tiers(world: World) -> None:
    order = make_order(world, "accepted")
    found = {contract: services.estimate(order, Decimal(contract)).amount for contract, _worth in EDGES}
    assert found == {contract: Decimal(worth) for contract, worth in EDGES}


@pytest.mark.parametrize(("contract", "worth"), [("10000", "10000"), ("10000.01", "10000.01"), ("10001", "10000.50")])
def test_what_was_estimated_is_what_is_held(world: World, contract: str, worth: str) -> None:
    order = make_order(world, "contract")
    estimate = services.estimate(order, Decimal(contract))
    voucher = services.use_voucher(order, by=world.owner, use=use_of(contract))
    assert (voucher.amount, voucher.formula["words"]) == (Decimal(worth), estimate.words)
    assert account(world).held == Decimal(worth)
    assert account(world).available == Decimal(50_000) - Decimal(worth)


def test_the_cap_of_one_voucher_cuts_and_says_so(db: None) -> None:
    world = make_world(cap_voucher=Decimal(12_000))
    order = make_order(world, "accepted")
    decided = [
        (found.amount, found.decided_by)
        for found in (services.estimate(order, Decimal(amount)) for amount in ("14000", "14000.02", "30000"))
    ]
    assert [amount for amount, _why in decided] == [Decimal(12_000)] * 3
    assert decided[0][1] == "tiers"
    assert {why for _amount, why in decided[1:]} == {"cap_voucher"}


# --- Quota ----------------------------------------------------------------------------------


def use_up(world: World, amount: str) -> None:
    """Spend quota on another contract until `amount` yuan are left."""
    order = make_order(world, "contract")
    left = account(world).available - Decimal(amount)
    assert left <= 10_000
    services.use_voucher(order, by=world.owner, use=use_of(str(left)))
    assert account(world).available == Decimal(amount)


@pytest.mark.parametrize(
    ("left", "worth"), [("7999.99", "7999.99"), ("8000.00", "8000.00"), ("8000.01", "8000.00"), ("0.01", "0.01")]
)
def test_the_last_cent_of_quota_decides(db: None, left: str, worth: str) -> None:
    world = make_world(quota=10_000)
    use_up(world, left)
    order = make_order(world, "contract")
    voucher = services.use_voucher(order, by=world.owner, use=use_of(8_000))
    assert voucher.amount == Decimal(worth)
    assert account(world).available == Decimal(left) - Decimal(worth)


def test_with_the_last_cent_gone_no_voucher_is_made(db: None) -> None:
    world = make_world(quota=10_000)
    use_up(world, "0")
    order = make_order(world, "contract")
    refused(lambda: services.use_voucher(order, by=world.owner, use=use_of(1)), "可用额度为 0")


def test_an_enterprise_that_claimed_nothing_uses_nothing(db: None) -> None:
    world = make_world(quota=0)
    order = make_order(world, "contract")
    refused(lambda: services.use_voucher(order, by=world.owner, use=use_of(8_000)))


def test_a_returned_voucher_can_be_used_anew_to_the_last_cent(db: None) -> None:
    world = make_world(quota=8_000)
    order = make_order(world, "voided", contract=8_000)
    fresh = services.resubmit_order(order, by=world.owner)
    assert services.use_voucher(fresh, by=world.owner, use=use_of(8_000)).amount == Decimal(8_000)
    assert account(world).available == 0


# --- The minimum ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "taken"), [("4999.99", False), ("5000.00", True), ("5000.01", True), ("0.01", False)]
)
def test_the_minimum_of_a_contract_is_itself_enough(db: None, amount: str, taken: bool) -> None:
    world = make_world(min_contract=Decimal(5_000))
    order = make_order(world, "contract")

    def use() -> object:
        return services.use_voucher(order, by=world.owner, use=use_of(amount))

    if taken:
        use()
        assert account(world).held == Decimal(amount)
    else:
        refused(use, "不到 5,000 元")


# --- Categories -----------------------------------------------------------------------------


def order_in(world: World, code: str) -> Order:
    """An accepted order with contract for a service of that category."""
    item = make_service(world.carrier, "另一项服务", category=category(code))
    order = services.place_order(
        organization=world.enterprise, programme=world.programme, booking=booking(world, item=item), by=world.owner
    )
    services.accept_order(order, by=world.seller, amount=Decimal(8_000), promised_on=None)
    give_contract(world, order)
    return Order.objects.get(pk=order.pk)


def test_an_excluded_category_takes_all_below_it_and_nothing_beside_it(db: None) -> None:
    excluded = Category.objects.filter(children__isnull=False, parent__isnull=False).order_by("code").first()
    assert excluded is not None
    child = excluded.children.order_by("code").first()
    beside = Category.objects.filter(parent=excluded.parent).exclude(pk=excluded.pk).order_by("code").first()
    world = make_world(excluded_categories=[excluded.code])
    for code in (excluded.code, child.code):
        order = order_in(world, code)
        with nothing_changes(), pytest.raises(Refused, match="不在创新券补贴范围"):
            services.use_voucher(order, by=world.owner, use=use_of(8_000))
    assert services.use_voucher(order_in(world, beside.code), by=world.owner, use=use_of(8_000)).status == "issued"


# --- Related parties ------------------------------------------------------------------------


def same_legal_person(world: World) -> None:
    for organization in (world.enterprise, world.carrier.organization):
        type(organization).objects.filter(pk=organization.pk).update(legal_person=" 何立 ")


def same_address(world: World) -> None:
    for organization in (world.enterprise, world.carrier.organization):
        type(organization).objects.filter(pk=organization.pk).update(address="云溪路 8 号 3 幢")


def same_person(world: World) -> None:
    cast.make_member(world.carrier.organization, user=cast.make_member(world.enterprise), role="viewer")


def same_account(world: World) -> None:
    number = BankAccount.objects.filter(organization=world.enterprise, active=True).latest("pk").number
    world.carrier.organization.bank_accounts.update(active=False)
    cast.make_bank_account(world.carrier.organization, number)


TRAITS: dict[str, Callable[[World], None]] = {
    "法定代表人": same_legal_person,
    "地址": same_address,
    "经办人手机号": same_person,
    "收款账户": same_account,
}


@pytest.mark.parametrize("trait", TRAITS)
def test_each_shared_trait_makes_parties_related(world: World, trait: str) -> None:
    order = make_order(world, "contract")
    TRAITS[trait](world)
    refused(lambda: services.use_voucher(order, by=world.owner, use=use_of()), f"{trait}相同，属于关联方")


def test_all_shared_traits_are_named_at_once(world: World) -> None:
    order = make_order(world, "contract")
    for share in TRAITS.values():
        share(world)
    refused(lambda: services.use_voucher(order, by=world.owner, use=use_of()), "、".join(TRAITS))


@pytest.mark.parametrize("trait", TRAITS)
def test_where_the_scheme_only_flags_related_parties_they_may(db: None, trait: str) -> None:
    world = make_world(related_party="flag")
    order = make_order(world, "contract")
    TRAITS[trait](world)
    assert services.use_voucher(order, by=world.owner, use=use_of()).status == "issued"


def test_people_and_accounts_of_the_past_make_nobody_related(world: World) -> None:
    order = make_order(world, "contract")
    same_person(world)
    Membership.objects.filter(organization=world.carrier.organization, role="viewer").update(active=False)
    same_account(world)
    world.carrier.organization.bank_accounts.update(active=False)
    assert services.use_voucher(order, by=world.owner, use=use_of()).status == "issued"
