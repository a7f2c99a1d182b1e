"""Where the scheme wants it, the bureau looks at a use first and may lower the amount."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from innovation_voucher.casework import attachments, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Chain, ChainStep, Message, Office, ReviewTask
from innovation_voucher.tests import cast
from orders import services
from orders.subjects import use_checks
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world, use_of, voucher_of
from vouchers.models import QuotaAccount

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-10", "ZO-12")]


def make_chain() -> None:
    """A chain of one step: the county's bureau sets the amount."""
    chain = Chain.objects.create(key="use-test", name="创新券使用")
    ChainStep.objects.create(
        chain=chain,
        position=1,
        name="核定额度",
        office_kind=Office.Kind.BUREAU,
        scope=ChainStep.Scope.OWN,
        right="review_use",
        working_days=5,
        may_lower=True,
    )


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    make_chain()
    return make_world(use_chain="use-test", cancel_until="use_approved", redeemer="carrier")


@pytest.fixture
def officer(world: World) -> Any:
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


def decide(officer: Any, **decision: Any) -> None:
    office = Office.objects.get(group__user=officer)
    reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=office, **decision)


def test_a_use_waits_for_the_bureau_with_its_quota_held(world: World, officer: Any) -> None:
    order = make_order(world, "issued")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.held) == ("requested", Decimal(14_000))
    assert not Message.objects.filter(user=world.seller, kind="voucher.issued").exists()
    assert Message.objects.filter(user=officer, kind="task").count() == 1
    with pytest.raises(Refused, match="待核额"):
        services.receive_voucher(voucher, by=world.seller, road="link")


def test_the_bureau_lowers_the_amount_and_the_voucher_goes_to_the_carrier(world: World, officer: Any) -> None:
    order = make_order(world, "issued")
    decide(officer, decision="approve", amount=Decimal(12_000), reason="按核定范围")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, voucher.held) == ("issued", Decimal(12_000), Decimal(12_000))
    assert QuotaAccount.objects.get(organization=world.enterprise).available == Decimal(38_000)
    assert Message.objects.filter(user=world.seller, kind="voucher.issued").count() == 1
    services.receive_voucher(voucher, by=world.seller, road="link")
    with pytest.raises(Refused):
        services.receive_voucher(voucher, by=world.seller, road="link")


def test_a_refused_use_frees_the_quota_and_the_order_can_be_handed_in_anew(world: World, officer: Any) -> None:
    order = make_order(world, "issued")
    decide(officer, decision="reject", reason="合同没有盖章")
    assert voucher_of(order).status == "refused"
    assert QuotaAccount.objects.get(organization=world.enterprise).available == Decimal(50_000)
    fresh = services.resubmit_order(order, by=world.owner)
    assert services.use_voucher(fresh, by=world.owner, use=use_of()).status == "requested"


def test_an_officer_of_another_county_decides_nothing(world: World) -> None:
    make_order(world, "issued")
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, "review_use")
    with pytest.raises(NotAllowed):
        decide(elsewhere, decision="approve")
    assert ReviewTask.objects.get().status == "open"


def test_the_checks_name_the_formula_the_standing_and_the_parties(world: World) -> None:
    order = make_order(world, "issued")
    good = use_checks(voucher_of(order))
    assert [check.ok for check in good] == [True, True, True]
    assert good[0].expected == "10,000 ＋ 8,000 × 50% ＝ 14,000 元"
    for organization in (world.enterprise, world.carrier.organization):
        organization.legal_person = "何立"
        organization.save()
    assert "法定代表人" in use_checks(voucher_of(order))[2].found


def test_the_desk_shows_the_facts_and_the_contract(world: World, officer: Any) -> None:
    order = make_order(world, "issued")
    voucher = voucher_of(order)
    page = client_of(officer).get(reverse("desk-case", args=["use", f"YQ-{voucher.code}"]))
    assert page.status_code == 200
    for words in (world.enterprise.name, world.carrier.name, "HT-118", "14,000.00", "合同.pdf"):
        assert words in page.content.decode(), words


def test_files_of_an_order_open_for_its_sides_and_its_bureau_only(world: World, officer: Any, stranger: Any) -> None:
    order = make_order(world, "issued")
    (file,) = attachments.files(order)
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, "view_cases")
    people = (world.owner, world.seller, officer, stranger, elsewhere)
    assert [attachments.may_open(person, file) for person in people] == [True, True, True, False, False]
    assert client_of(stranger).get(reverse("file", args=[file.token])).status_code == 404
