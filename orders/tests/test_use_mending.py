"""A use that the bureau returns: mended where it was asked, handed in again, or let go."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework import attachments, calendar, deadlines, reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Message, Office, ReviewCase, ReviewTask
from innovation_voucher.casework.reviews.rounds import changes
from innovation_voucher.tests import cast
from orders import services
from orders.listing import MINE
from orders.models import Order
from orders.tests.conftest import client_of
from orders.tests.factories import World, contract_file, make_order, make_world, use_of, voucher_of
from orders.tests.test_terms import noon
from orders.tests.test_use_review import make_chain
from vouchers import invariants
from vouchers.models import QuotaAccount, Voucher
from vouchers.services import lapse_voucher, void_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-10", "ZJ-9")]

CONTRACT_ITEM = ("contract", "合同缺盖章页")
AMOUNT_ITEM = ("contract_amount", "合同金额与合同首页不一致")


@pytest.fixture(scope="module")
def built(kept: Path) -> World:
    make_chain()
    return make_world(use_chain="use-test", cancel_until="use_approved", redeemer="carrier")


@pytest.fixture
def officer(world: World) -> Any:
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


@pytest.fixture
def returned(world: World, officer: Any) -> Order:
    """Returned for the amount of the contract and its file."""
    return give_back(make_order(world, "issued"), officer, CONTRACT_ITEM, AMOUNT_ITEM)


def decide(officer: Any, decision: str, **words: Any) -> None:
    office = Office.objects.get(group__user=officer)
    reviews.decide(ReviewTask.objects.get(status="open"), by=officer, office=office, decision=decision, **words)


def give_back(order: Order, officer: Any, *items: tuple[str, str]) -> Order:
    decide(officer, "return", items=items)
    return Order.objects.get(pk=order.pk)


def account() -> QuotaAccount:
    return QuotaAccount.objects.get()


def all_is_whole() -> None:
    for name, check in invariants.CHECKS.items():
        assert list(check()) == [], name


def page(client: Client, name: str, order: Order) -> str:
    return client.get(reverse(name, args=[order.number])).content.decode()


def typed(**changes: str) -> dict[str, str]:
    """What the form of the use posts."""
    return {
        "_token": new_token(),
        "contract_name": "样机试验服务合同",
        "contract_number": "HT-118",
        "contract_amount": "18000",
        "contract_date": str(calendar.today()),
        "promise": "on",
        **changes,
    }


# --- Returned ------------------------------------------------------------------------------------


def test_a_returned_use_keeps_its_quota_and_tells_the_enterprise_everything(world: World, returned: Order) -> None:
    voucher = voucher_of(returned)
    assert (voucher.status, voucher.held, account().available) == ("returned", 14_000, 36_000)
    note = Message.objects.get(user=world.owner, kind="use.returned")
    assert "2 项需补正" in note.title
    assert "合同缺盖章页" in note.body
    assert not Message.objects.filter(user=world.seller, kind="use.returned").exists()
    assert Order.objects.filter(MINE).get() == returned
    all_is_whole()


def test_the_order_shows_the_amber_box_to_the_enterprise_only(world: World, returned: Order) -> None:
    mine, theirs = (
        page(client_of(world.owner), "ent-order", returned),
        page(client_of(world.seller), "carrier-booking", returned),
    )
    assert "共 2 项需补正" in mine
    assert "补正并重新提交" in mine
    assert f"{reverse('ent-use', args=[returned.number])}#id_contract_amount" in mine
    assert "合同缺盖章页" not in theirs
    assert "企业按科技局的要求补正" in theirs


def test_only_what_was_named_is_open_and_the_rest_stays(world: World, returned: Order) -> None:
    buyer = client_of(world.owner)
    text = page(buyer, "ent-use", returned)
    assert "合同金额与合同首页不一致" in text
    assert 'name="contract_name" value="样机试验服务合同"' in text
    posted = typed(contract_name="另一份合同", contract_amount="16000")
    assert buyer.post(reverse("ent-use", args=[returned.number]), posted).status_code == 302
    check = buyer.post(reverse("ent-use-check", args=[returned.number]), {"_token": new_token()})
    assert check.status_code == 302
    voucher = voucher_of(returned)
    assert (voucher.status, voucher.contract_name) == ("requested", "样机试验服务合同")
    assert (voucher.contract_amount, voucher.amount, voucher.held) == (16_000, 13_000, 13_000)
    assert account().available == 37_000
    all_is_whole()


def test_the_verb_itself_keeps_what_was_not_asked(world: World, returned: Order) -> None:
    use = use_of("15000", contract_name="别的名称", contract_number="X-1", redeemer="enterprise")
    voucher = services.resubmit_use(returned, by=world.owner, use=use)
    assert (voucher.contract_name, voucher.contract_number) == ("样机试验服务合同", "HT-118")
    assert (voucher.contract_amount, voucher.redeemer) == (15_000, "carrier")


def test_an_item_for_the_whole_opens_everything(world: World, officer: Any) -> None:
    order = give_back(make_order(world, "issued"), officer, ("", "请核对全部内容"))
    voucher = services.resubmit_use(order, by=world.owner, use=use_of("20000", contract_name="新合同"))
    assert (voucher.contract_name, voucher.amount, voucher.held) == ("新合同", 15_000, 15_000)
    assert account().available == 35_000
    all_is_whole()


def test_a_larger_amount_takes_no_more_than_there_is(world: World, returned: Order) -> None:
    voucher = services.resubmit_use(returned, by=world.owner, use=use_of("200000"))
    assert (voucher.amount, account().available, account().held) == (50_000, 0, 50_000)
    assert voucher.formula["decided_by"] == "remaining"
    all_is_whole()


def test_a_frozen_account_holds_no_more_than_it_did(world: World, returned: Order) -> None:
    QuotaAccount.objects.update(frozen_reason="核查中")
    voucher = services.resubmit_use(returned, by=world.owner, use=use_of("30000"))
    assert (voucher.amount, account().available) == (14_000, 36_000)
    all_is_whole()


def test_files_that_were_not_named_cannot_change(world: World, officer: Any) -> None:
    order = give_back(make_order(world, "issued"), officer, AMOUNT_ITEM)
    (file,) = attachments.files(order)
    with pytest.raises(Refused, match="不用补正"):
        services.add_evidence(order, "contract", by=world.owner, name="新合同.pdf", data=contract_file())
    with pytest.raises(Refused, match="不用补正"):
        services.remove_evidence(order, file, by=world.owner)
    assert attachments.files(order) == [file]
    assert "选择合同" not in page(client_of(world.owner), "ent-use", order)


def test_a_named_file_is_replaced_and_the_reviewer_sees_the_second_round(
    world: World, returned: Order, officer: Any
) -> None:
    (old,) = attachments.files(returned)
    services.add_evidence(returned, "contract", by=world.owner, name="盖章合同.pdf", data=contract_file(), replaces=old)
    voucher = services.resubmit_use(returned, by=world.owner, use=use_of())
    case = ReviewCase.objects.get()
    assert (case.status, case.round, case.amount, case.checks_good) == ("open", 2, 14_000, 3)
    text = client_of(officer).get(reverse("desk-case", args=["use", f"YQ-{voucher.code}"])).content.decode()
    for words in ("第 2 次提交", "盖章合同.pdf", "企业额度", "50,000.00"):
        assert words in text, words


def test_without_the_contract_it_is_not_handed_in(world: World, returned: Order) -> None:
    (file,) = attachments.files(returned)
    services.remove_evidence(returned, file, by=world.owner)
    with pytest.raises(Refused, match="上传合同，还差 1 份"):
        services.resubmit_use(returned, by=world.owner, use=use_of())
    assert voucher_of(returned).status == "returned"


# --- Who, and when not ----------------------------------------------------------------------------


def test_others_mend_nothing(world: World, returned: Order, stranger: Any, officer: Any) -> None:
    for person in (stranger, world.seller, officer):
        with pytest.raises(NotAllowed):
            services.resubmit_use(returned, by=person, use=use_of())
    assert voucher_of(returned).status == "returned"
    assert client_of(stranger).get(reverse("ent-use", args=[returned.number])).status_code == 404


def test_the_second_tab_is_told_and_changes_nothing(world: World, returned: Order) -> None:
    buyer = client_of(world.owner)
    address = reverse("ent-use", args=[returned.number])
    buyer.post(address, typed(contract_amount="16000"))
    services.resubmit_use(returned, by=world.owner, use=use_of("15000"))
    late = buyer.post(reverse("ent-use-check", args=[returned.number]), {"_token": new_token()})
    assert late.url == address
    assert "已经使用过创新券" in buyer.get(address).content.decode()
    assert voucher_of(returned).contract_amount == 15_000
    with pytest.raises(Refused, match="没有待补正"):
        services.resubmit_use(returned, by=world.owner, use=use_of("16000"))


@pytest.mark.parametrize("state", ["accepted", "contract", "issued", "voided"])
def test_nothing_is_mended_that_was_not_returned(world: World, state: str) -> None:
    order = make_order(world, state)
    with pytest.raises(Refused, match="没有待补正"):
        services.resubmit_use(order, by=world.owner, use=use_of())


# --- Given up, or forgotten -----------------------------------------------------------------------


@pytest.mark.parametrize("is_returned", [False, True])
def test_taking_it_back_ends_the_review_too(world: World, officer: Any, is_returned: bool) -> None:
    order = make_order(world, "issued")
    if is_returned:
        order = give_back(order, officer, CONTRACT_ITEM)
    assert "撤回用券申请" in page(client_of(world.owner), "ent-order", order)
    void_voucher(voucher_of(order), by=world.owner, reason="合同要改")
    assert ReviewCase.objects.get().status == "withdrawn"
    assert not ReviewTask.objects.filter(status__in=("open", "waiting")).exists()
    assert deadlines.due(voucher_of(order)) is None
    assert account().available == 50_000
    all_is_whole()


def test_the_end_of_the_year_closes_the_review_with_the_voucher(returned: Order) -> None:
    lapse_voucher(voucher_of(returned))
    assert ReviewCase.objects.get().status == "withdrawn"
    assert voucher_of(returned).status == "lapsed"


@pytest.mark.feature("X-9")
def test_the_term_of_the_correction_reminds_and_then_lapses(world: World, returned: Order) -> None:
    due = deadlines.due(voucher_of(returned))
    assert due is not None
    assert due.remind_on is not None
    deadlines.run_due(noon(due.remind_on))
    assert Message.objects.filter(user=world.owner, kind="order.reminder").count() == 1
    deadlines.run_due(noon(due.due_on))
    assert voucher_of(returned).status == "returned"
    deadlines.run_due(noon(due.due_on + timedelta(days=1)))
    voucher = voucher_of(returned)
    assert (voucher.status, voucher.held, voucher.end_reason) == ("lapsed", 0, "没有在补正期限内重新提交")
    assert ReviewCase.objects.get().status == "expired"
    assert "待重新提交" in page(client_of(world.owner), "ent-order", returned)
    all_is_whole()


@pytest.mark.feature("X-9")
def test_the_clock_leaves_what_was_handed_in_again(world: World, returned: Order) -> None:
    due = deadlines.due(voucher_of(returned))
    assert due is not None
    services.resubmit_use(returned, by=world.owner, use=use_of())
    deadlines.run_due(noon(due.due_on + timedelta(days=1)))
    assert voucher_of(returned).status == "requested"
    assert Voucher.objects.filter(status="lapsed").count() == 0


def test_the_bureau_sees_what_the_enterprise_changed(world: World, officer: Any, returned: Order) -> None:
    services.resubmit_use(returned, by=world.owner, use=use_of("16000"))
    case = ReviewCase.objects.get()
    found = {change.label: (change.before, change.after) for change in changes(case) or []}
    assert found == {"合同金额": ("18,000.00", "16,000.00"), "申请券额": ("14,000.00", "13,000.00")}
    text = client_of(officer).get(reverse("desk-case", args=["use", case.number])).content.decode()
    assert "<del>18,000.00</del>" in text
    assert "<ins>16,000.00</ins>" in text
