"""The bureau's page of one voucher, its list of enterprises, and one enterprise from all sides."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from innovation_voucher.casework import reviews
from innovation_voucher.casework.idempotency import new_token
from innovation_voucher.casework.models import Office, ReviewTask
from innovation_voucher.lib.references import group_code
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order, Scan
from orders.tests.conftest import client_of
from orders.tests.factories import World, make_order, make_world, voucher_of
from orders.tests.test_use_review import make_chain
from orders.verdicts import ENDED, REASONS
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import scan_url, set_freeze, terminate_voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZJ-9")]


@pytest.fixture
def officer(world: World) -> Any:
    return cast.make_officer(cast.COUNTY, "terminate_voucher", "view_cases", "review_use")


@pytest.fixture
def desk(officer: Any) -> Client:
    return client_of(officer)


def page(client: Client, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def everything() -> list[Any]:
    return [list(Voucher.objects.values()), list(QuotaAccount.objects.values()), list(Order.objects.values())]


# --- One voucher ------------------------------------------------------------------------------------


def test_a_voucher_shows_facts_amounts_ledger_record_and_scans(world: World, desk: Client) -> None:
    order = make_order(world, "received")
    voucher = voucher_of(order)
    code, signature = scan_url(voucher).split("/q/")[1].split("/")
    client_of(world.seller).get(reverse("verify", args=[code, signature]))
    text = page(desk, "desk-voucher", voucher.code)
    entry = LedgerEntry.objects.get(kind="hold")
    expected = (
        group_code(voucher.code),
        world.enterprise.name,
        world.carrier.name,
        "样机试验服务合同 HT-118",
        "18,000.00",
        "14,000.00",
        entry.reference,
        f"{order.number}（服务中）",
        "机构确认",
        "已由机构确认",
        "终止此券",
        "冻结",
    )
    for words in expected:
        assert words in text, words


def test_a_frozen_voucher_says_so_and_offers_to_lift_it(world: World, desk: Client, officer: Any) -> None:
    voucher = voucher_of(make_order(world, "issued"))
    set_freeze(voucher, by=officer, office=None, reason="举报核查", until=None)
    text = page(desk, "desk-voucher", voucher.code)
    assert "此券已冻结" in text
    assert reverse("desk-voucher-lift", args=[voucher.code]) in text
    assert reverse("desk-voucher-freeze", args=[voucher.code]) not in text
    assert "机构还没有确认，由企业作废或由服务机构退回" in text


def test_an_ended_voucher_keeps_its_reason_and_offers_nothing(world: World, desk: Client, officer: Any) -> None:
    voucher = voucher_of(make_order(world, "received"))
    terminate_voucher(voucher, by=officer, office=None, reason="合同未履行")
    text = page(desk, "desk-voucher", voucher.code)
    assert "合同未履行" in text
    assert "额度退回" in text
    for act in ("terminate", "freeze", "lift"):
        assert reverse(f"desk-voucher-{act}", args=[voucher.code]) not in text


def test_the_review_of_its_use_is_linked(db: None) -> None:
    make_chain()
    world = make_world(use_chain="use-test", redeemer="carrier")
    officer = cast.make_officer(cast.COUNTY, "review_use", "view_cases")
    voucher = voucher_of(make_order(world, "issued"))
    text = page(client_of(officer), "desk-voucher", voucher.code)
    assert reverse("desk-case", args=["use", f"YQ-{voucher.code}"]) in text
    office = Office.objects.get(group__user=officer)
    reviews.decide(ReviewTask.objects.get(), by=officer, office=office, decision="approve")
    assert "生成创新券" in page(client_of(officer), "desk-voucher", voucher.code)


@pytest.mark.feature("X-3")
def test_who_may_not_see_it_and_who_may_only_read(world: World) -> None:
    voucher = voucher_of(make_order(world, "received"))
    address = reverse("desk-voucher", args=[voucher.code])
    elsewhere = cast.make_officer(cast.OTHER_COUNTY, "terminate_voucher", "view_cases")
    nothing = cast.make_officer("330000", office=cast.make_office("province", "330000", rights=("settle",)))
    reader = cast.make_officer(cast.COUNTY, office=cast.make_office("agency", rights=("view_cases",)))
    statuses = [client_of(p).get(address).status_code for p in (elsewhere, nothing, world.owner, reader)]
    assert statuses == [404, 403, 403, 200]
    text = page(client_of(reader), "desk-voucher", voucher.code)
    assert "终止和冻结由" in text
    assert reverse("desk-voucher-terminate", args=[voucher.code]) not in text


@pytest.mark.parametrize("path", ["AAAAAAAAAAAA", "不是券号", "x" * 60])
def test_a_code_that_is_none_is_not_there(world: World, desk: Client, path: str) -> None:
    assert desk.get(f"/bureau/vouchers/{path}/").status_code == 404


def test_every_reason_of_a_scan_has_its_words() -> None:
    named = {"unknown", "unverified", "reprinted", "frozen", "own", "other_carrier", "genuine", "not_issued"}
    named |= {"received", "to_receive", "carrier_suspended", "no_role", "unreadable"} | {str(s) for s in ENDED}
    assert set(REASONS) == named


def test_looking_changes_nothing(world: World, desk: Client) -> None:
    voucher = voucher_of(make_order(world, "received"))
    before = everything()
    page(desk, "desk-voucher", voucher.code)
    page(desk, "desk-enterprise", str(world.enterprise.credit_code))
    page(desk, "desk-enterprises")
    assert (everything(), Scan.objects.count()) == (before, 0)


# --- Enterprises --------------------------------------------------------------------------------------


@pytest.mark.feature("X-3")
def test_the_list_holds_the_regions_enterprises_with_their_sums(world: World, desk: Client) -> None:
    make_order(world, "issued")
    cast.make_organization(region_code=cast.OTHER_COUNTY, name="外区企业有限公司")
    text = page(desk, "desk-enterprises")
    for words in (world.enterprise.name, str(world.enterprise.credit_code), "36,000.00", "14,000.00"):
        assert words in text, words
    assert "外区企业有限公司" not in text
    assert world.carrier.organization.name not in text


def test_words_and_views_narrow_the_list(world: World, desk: Client, officer: Any) -> None:
    cast.make_organization(name="未认证的企业", verified=False)
    set_freeze(QuotaAccount.objects.get(), by=officer, office=None, reason="核查", until=None)
    code = str(world.enterprise.credit_code)
    found = {
        "words": page(desk, "desk-enterprises", q="云溪"),
        "code": page(desk, "desk-enterprises", q=code.lower()),
        "frozen": page(desk, "desk-enterprises", view="frozen"),
        "verified": page(desk, "desk-enterprises", view="verified"),
    }
    for name, text in found.items():
        assert world.enterprise.name in text, name
        assert "未认证的企业" not in text, name
    assert "未认证的企业" in page(desk, "desk-enterprises", view="unverified")
    assert "没有符合条件的结果" in page(desk, "desk-enterprises", q="查无")
    assert "view=frozen&amp;q=%E4%BA%91" in page(desk, "desk-enterprises", q="云")


def test_one_enterprise_from_all_sides(world: World, desk: Client) -> None:
    order = make_order(world, "received")
    voucher = voucher_of(order)
    text = page(desk, "desk-enterprise", str(world.enterprise.credit_code))
    account = QuotaAccount.objects.get()
    expected = (
        account.number,
        "36,000.00",
        order.number,
        "服务中",
        group_code(voucher.code),
        reverse("desk-voucher", args=[voucher.code]),
        reverse("desk-account-freeze", args=[account.number]),
        "到账（元）",
    )
    for words in expected:
        assert words in text, words
    assert "请留意" not in text


def test_flags_come_first(world: World, desk: Client, officer: Any) -> None:
    voucher = voucher_of(make_order(world, "received"))
    terminate_voucher(voucher, by=officer, office=None, reason="合同未履行")
    set_freeze(QuotaAccount.objects.get(), by=officer, office=None, reason="举报核查", until=None)
    text = page(desk, "desk-enterprise", str(world.enterprise.credit_code))
    assert "请留意" in text
    assert "有 1 张创新券被终止" in text
    assert "已冻结：举报核查" in text
    assert reverse("desk-account-lift", args=[QuotaAccount.objects.get().number]) in text


@pytest.mark.feature("X-3")
def test_an_enterprise_of_another_county_and_a_carrier_are_not_there(world: World, desk: Client) -> None:
    other = cast.make_organization(region_code=cast.OTHER_COUNTY)
    for organization in (other, world.carrier.organization):
        address = reverse("desk-enterprise", args=[str(organization.credit_code)])
        assert desk.get(address).status_code == 404


def test_a_person_without_a_credit_code_is_found_by_the_verification(world: World, desk: Client) -> None:
    person = cast.entrepreneur()
    assert person.verifications.count() == 0
    text = page(desk, "desk-enterprises")
    assert "陆拾工作室" in text
    number = person.verifications.create(number="RZ-2026-900001", organization=person).number
    assert reverse("desk-enterprise", args=[number]) in page(desk, "desk-enterprises")
    assert "陆拾工作室" in page(desk, "desk-enterprise", number)


@pytest.mark.feature("X-10")
def test_the_lists_ask_as_much_for_many_rows(world: World, desk: Client, django_assert_max_num_queries: Any) -> None:
    page(desk, "desk-enterprises")
    for n in range(20):
        cast.make_organization(name=f"更多企业{n}")
    with django_assert_max_num_queries(8):
        page(desk, "desk-enterprises")


# --- Offline use under these rules --------------------------------------------------------------------


@pytest.mark.feature("ZO-11")
def test_offline_only_what_is_registered_is_found_and_the_rest_is_invited(db: None) -> None:
    make_chain()
    world = make_world(use_chain="use-test", amount_base="reviewer", subsidy_tiers=None, redeemer="carrier")
    buyer = client_of(world.owner)
    address = reverse("ent-use-offline")
    found = buyer.get(address, {"q": world.carrier.name[:4]}).content.decode()
    assert world.service.title in found
    missing = buyer.get(address, {"q": "没登记的实验室"}).content.decode()
    assert "未登记的机构和服务不能用券" in missing
    assert f'value="http://testserver{reverse("register")}" readonly' in missing
    assert "data-copy=" in missing


@pytest.mark.feature("ZO-11")
def test_offline_an_unrecognized_carrier_is_neither_found_nor_taken(db: None) -> None:
    world = make_world()
    other = cast.make_organization(region_code=cast.OTHER_COUNTY)
    buyer = client_of(cast.owner_of(other))
    address = reverse("ent-use-offline")
    assert world.service.title not in buyer.get(address, {"q": world.service.title[:4]}).content.decode()
    posted = buyer.post(address, {"_token": new_token(), "service": world.service.number})
    assert posted.status_code == 422
    assert Order.objects.count() == 0


@pytest.mark.feature("ZO-11")
def test_offline_leads_to_the_use_that_the_bureau_reviews(db: None) -> None:
    make_chain()
    world = make_world(use_chain="use-test", amount_base="reviewer", subsidy_tiers=None, redeemer="carrier")
    booked = services.place_offline(
        organization=world.enterprise,
        programme=world.programme,
        booking=services.Booking(item=world.service, contact_name="周甲", contact_phone="19900000001"),
        by=world.owner,
    )
    assert (booked.status, booked.channel) == ("accepted", "offline")
    text = client_of(world.owner).get(reverse("ent-use", args=[booked.number])).content.decode()
    assert "申请使用金额" in text
