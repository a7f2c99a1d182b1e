"""Where the reviewer sets the amount: asked, lowered, and what may not be asked."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Office, ReviewCase, ReviewTask
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world, use_of, voucher_of
from orders.tests.test_use_review import make_chain
from vouchers import invariants
from vouchers.models import QuotaAccount, Voucher
from vouchers.policy import Policy, asked_problem, asks_amount, subsidy
from vouchers.services import reprint, scan_url

pytestmark = pytest.mark.feature("ZO-10")

REVIEWED: dict[str, Any] = {
    "use_chain": "use-test",
    "amount_base": "reviewer",
    "subsidy_tiers": None,
    "tiers_apply": None,
    "hold_at": "use_submitted",
    "cancel_until": "use_approved",
    "confirmation": "carrier_receives",
    "redeemer": "carrier",
}


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    """30,000 yuan of quota under a scheme whose reviewer sets the amounts."""
    make_chain()
    return make_world(quota=30_000, **REVIEWED)


@pytest.fixture
def officer(world: World) -> Any:
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


def decide(officer: Any, decision: str, **words: Any) -> None:
    office = Office.objects.get(group__user=officer)
    reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=office, decision=decision, **words)


def typed(**changes: str) -> dict[str, str]:
    return {
        "_token": new_token(),
        "contract_name": "样机试验服务合同",
        "contract_number": "HT-118",
        "contract_amount": "18000",
        "contract_date": str(calendar.today()),
        "amount": "15000",
        "promise": "on",
        **changes,
    }


def asking(amount: int | str) -> services.Use:
    """A contract of 18,000 yuan of which so much shall be paid by the voucher."""
    return replace(use_of(), amount=Decimal(amount))


def hand_in(client: Client, order: Order, **changes: str) -> Any:
    return client.post(reverse("ent-use", args=[order.number]), typed(**changes))


def quota() -> tuple[Decimal, Decimal]:
    account = QuotaAccount.objects.get()
    return account.available, account.held


# --- Pure ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "contract", "left", "words"),
    [
        ("12000", "18000", "30000", ""),
        ("18000", "18000", "30000", ""),
        ("18000.01", "18000", "30000", "申请使用金额不能超过合同金额 18,000 元"),
        ("30000", "40000", "30000", ""),
        ("30000.01", "40000", "30000", "申请使用金额最多 30,000 元（可用额度 30,000 元，按 30,000 元计）"),
        ("0", "18000", "30000", "填写申请使用金额，须大于 0 元"),
        ("-1", "18000", "30000", "填写申请使用金额，须大于 0 元"),
        (None, "18000", "30000", "填写申请使用金额，须大于 0 元"),
    ],
)
def test_what_may_be_asked(asked: str | None, contract: str, left: str, words: str) -> None:
    most = subsidy(Policy(amount_base="reviewer"), Decimal(contract), remaining=Decimal(left))
    assert asked_problem(None if asked is None else Decimal(asked), Decimal(contract), most) == words


@pytest.mark.parametrize(("base", "asks"), [("reviewer", True), ("contract", False), (None, False)])
def test_only_where_the_reviewer_sets_it_an_amount_is_asked(base: str | None, asks: bool) -> None:
    assert asks_amount(Policy(amount_base=base)) is asks


# --- The form ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_form_asks_the_amount_and_says_who_sets_it(world: World) -> None:
    order, buyer = make_order(world, "contract"), client_of(world.owner)
    text = buyer.get(reverse("ent-use", args=[order.number])).content.decode()
    for words in ("申请使用金额", "科技局在此金额内核定", "最多可申请", "提交后由科技主管部门核定金额"):
        assert words in text, words
    assert hand_in(buyer, order).status_code == 302
    check = buyer.get(reverse("ent-use-check", args=[order.number])).content.decode()
    assert "15,000.00 元（由科技局核定）" in check


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"amount": "18000.01"}, "申请使用金额不能超过合同金额 18,000 元"),
        ({"amount": "30001", "contract_amount": "50000"}, "申请使用金额最多 30,000 元"),
        ({"amount": "0"}, "申请使用金额要大于 0 元"),
        ({"amount": ""}, "填写申请使用金额"),
    ],
)
def test_too_much_is_refused_at_its_box_with_all_input_kept(world: World, changes: dict[str, str], words: str) -> None:
    order = make_order(world, "contract")
    page = hand_in(client_of(world.owner), order, **changes)
    assert page.status_code == 422
    assert page.content.decode().count(words) >= 2
    assert "HT-118" in page.content.decode()
    assert (Voucher.objects.count(), quota()) == (0, (30_000, 0))


@pytest.mark.django_db
def test_other_schemes_ask_no_amount(db: None) -> None:
    world = make_world()
    order = make_order(world, "contract")
    text = client_of(world.owner).get(reverse("ent-use", args=[order.number])).content.decode()
    assert "申请使用金额" not in text
    assert services.use_voucher(order, by=world.owner, use=asking(1)).amount == 14_000


# --- The verbs -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_asked_is_held_and_goes_to_the_bureau(world: World) -> None:
    order = make_order(world, "contract")
    voucher = services.use_voucher(order, by=world.owner, use=asking(15_000))
    assert (voucher.status, voucher.amount, quota()) == ("requested", 15_000, (15_000, 15_000))
    case = ReviewCase.objects.get()
    assert (case.amount, case.checks_good, case.checks_bad) == (15_000, 3, 0)
    assert voucher.formula["words"] == "申请 15,000 元，由审核人核定"


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["18000.01", "0", "-5"])
def test_the_verb_refuses_what_the_form_would(world: World, asked: str) -> None:
    order = make_order(world, "contract")
    with pytest.raises(Refused, match="申请使用金额"):
        services.use_voucher(order, by=world.owner, use=asking(asked))
    assert (Voucher.objects.count(), quota()) == (0, (30_000, 0))


@pytest.mark.django_db
@pytest.mark.feature("ZO-12")
def test_middle_of_scenario_12_twelve_thousand_reach_the_carrier_and_the_print_is_received_once(
    world: World, officer: Any
) -> None:
    """Scenario 12: 12,000 approved; the print is received once, the second time refused."""
    order = make_order(world, "contract")
    services.use_voucher(order, by=world.owner, use=asking(15_000))
    assert "待科技局核额" in client_of(world.owner).get(reverse("ent-order", args=[order.number])).content.decode()
    decide(officer, "approve", amount=Decimal(12_000), reason="按核定范围")
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, quota()) == ("issued", 12_000, (18_000, 12_000))
    assert voucher.formula["words"] == "申请 15,000 元，核定 12,000 元"
    print_of = scan_url(voucher).split("/q/")[1]
    seller = client_of(world.seller)
    code, signature = print_of.split("/")
    seen = seller.get(reverse("verify", args=[code, signature])).content.decode()
    assert "券有效，待您确认" in seen
    receive = reverse("verify-receive", args=[code])
    body = {"checked": "on", "signature": signature}
    assert seller.post(receive, {"_token": new_token(), **body}).status_code == 302
    assert voucher_of(order).status == "confirmed"
    confirmed_at = voucher_of(order).confirmed_at
    assert seller.post(receive, {"_token": new_token(), **body}).status_code == 302
    assert "已由本机构确认" in seller.get(reverse("verify", args=[code, signature])).content.decode()
    with pytest.raises(Refused, match="已确认"):
        services.receive_voucher(voucher, by=world.seller, road="link")
    assert voucher_of(order).confirmed_at == confirmed_at
    assert quota() == (18_000, 12_000)
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


@pytest.mark.django_db
@pytest.mark.feature("ZO-12")
def test_an_older_print_is_not_received(world: World, officer: Any) -> None:
    order = make_order(world, "contract")
    services.use_voucher(order, by=world.owner, use=asking(9_000))
    decide(officer, "approve")
    voucher = voucher_of(order)
    code, signature = scan_url(voucher).split("/q/")[1].split("/")
    reprint(voucher, by=world.owner)
    seller = client_of(world.seller)
    assert "已重新打印，请用新券" in seller.get(reverse("verify", args=[code, signature])).content.decode()
    seller.post(
        reverse("verify-receive", args=[code]), {"_token": new_token(), "checked": "on", "signature": signature}
    )
    assert voucher_of(order).status == "issued"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("amount", "reason", "words"), [("15000.01", "多给", "最多"), ("12000", "", "理由"), ("0", "零", "大于 0")]
)
def test_the_reviewer_never_raises_and_says_why_it_is_less(
    world: World, officer: Any, amount: str, reason: str, words: str
) -> None:
    order = make_order(world, "contract")
    services.use_voucher(order, by=world.owner, use=asking(15_000))
    with pytest.raises(Refused, match=words):
        decide(officer, "approve", amount=Decimal(amount), reason=reason)
    assert (voucher_of(order).status, quota()) == ("requested", (15_000, 15_000))


@pytest.mark.django_db
def test_a_returned_contract_amount_reopens_what_is_asked(world: World, officer: Any) -> None:
    order = make_order(world, "contract")
    services.use_voucher(order, by=world.owner, use=asking(15_000))
    decide(officer, "return", items=[("contract_amount", "与合同不符")])
    order = Order.objects.get(pk=order.pk)
    buyer = client_of(world.owner)
    page = buyer.get(reverse("ent-use", args=[order.number])).content.decode()
    assert 'name="amount" value="15,000.00"' in page
    assert hand_in(buyer, order, contract_amount="10000", amount="10001").status_code == 422
    assert hand_in(buyer, order, contract_amount="10000", amount="8000", contract_name="别的").status_code == 302
    buyer.post(reverse("ent-use-check", args=[order.number]), {"_token": new_token()})
    voucher = voucher_of(order)
    assert (voucher.status, voucher.amount, voucher.contract_amount) == ("requested", 8_000, 10_000)
    assert voucher.contract_name == "样机试验服务合同"
    assert quota() == (22_000, 8_000)


@pytest.mark.django_db
def test_the_desk_reads_parties_contract_amount_and_quota(world: World, officer: Any) -> None:
    order = make_order(world, "contract")
    voucher = services.use_voucher(order, by=world.owner, use=asking(15_000))
    page = client_of(officer).get(reverse("desk-case", args=["use", f"YQ-{voucher.code}"])).content.decode()
    expected = (world.enterprise.credit_code, world.carrier.name, "18,000.00", "企业额度", "30,000.00", "核定金额")
    for words in expected:
        assert str(words) in page, words
    assert 'value="amount"' in page
    assert "申请使用金额" in page
