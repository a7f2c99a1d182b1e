"""What a carrier has to do before it is recognized, and which regions it is offered."""

from typing import Any

import pytest

from accounts.models import User
from carriers import services, tasklist
from carriers.models import Carrier
from carriers.subjects import checks
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Chain, Region, ReturnItem
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

from .factories import make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db


def done(carrier: Carrier) -> list[bool]:
    return [task["done"] for task in tasklist.tasks_of(carrier)]


def test_the_three_steps_are_ticked_one_by_one(county: Region) -> None:
    carrier = make_carrier(summary="")
    assert done(carrier) == [False, False, False]
    first, _second, last = tasklist.tasks_of(carrier)
    assert first["hint"] == "还缺机构简介"
    assert (last["url"], last["tag"]) == ("", "资料填写完整后可申请")
    Carrier.objects.filter(pk=carrier.pk).update(summary="材料试验")
    carrier.refresh_from_db()
    assert done(carrier) == [True, False, False]
    assert tasklist.tasks_of(carrier)[2]["url"] == "/carrier/cert/apply/"
    make_service(carrier)
    make_recognition(carrier, county, "submitted")
    assert done(carrier) == [True, True, True]


@pytest.mark.parametrize("make", [make_service, make_instrument])
def test_one_listed_offer_of_either_kind_is_enough(carrier: Carrier, make: Any) -> None:
    make(carrier, listed=False)
    assert not done(carrier)[1]
    make(carrier)
    assert done(carrier)[1]


@pytest.mark.parametrize(
    ("state", "asked"),
    [("draft", True), ("returned", True), ("suspended", True), ("rejected", False), ("withdrawn", False)],
)
def test_an_application_that_is_over_has_to_be_made_anew(
    carrier: Carrier, county: Region, state: str, asked: bool
) -> None:
    make_recognition(carrier, county, state)
    assert done(carrier)[2] is asked


def test_regions_are_offered_where_an_office_can_decide(carrier: Carrier) -> None:
    for kind, code in (("bureau", "330108"), ("province", "330000"), ("agency", "330106"), ("centre", "330102")):
        cast.make_office(kind, code)
    cast.make_office("bureau", "330108", name="第二个科")
    assert [region.code for region in tasklist.open_regions()] == ["330000", "330108"]


def test_near_are_those_above_and_those_of_the_same_city(carrier: Carrier) -> None:
    for code in ("330108", "330106", "330100", "330000", "330200", "320505"):
        cast.make_office("bureau", code)
    assert {region.code for region in tasklist.near_regions(carrier)} == {"330108", "330106", "330100", "330000"}


def test_the_search_reads_full_names_and_stops_at_sixty(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("330108", "330106", "330102"):
        cast.make_office("bureau", code)
    province = cast.make_region("330000")
    assert len(tasklist.found_regions(province.name)) == 3
    monkeypatch.setattr(tasklist, "MOST_REGIONS", 2)
    assert len(tasklist.found_regions(province.name)) == 2
    assert list(tasklist.found_regions("没有这个地方")) == []


# --- What the system checks ---------------------------------------------------------------------


def results(carrier: Carrier, region: Region, state: str = "submitted") -> dict[str, bool | None]:
    return {str(check.rule): check.ok for check in checks(make_recognition(carrier, region, state))}


def test_a_good_application_passes_every_check(carrier: Carrier, county: Region) -> None:
    make_service(carrier)
    assert set(results(carrier, county).values()) == {True}


def test_each_check_names_its_own_failure(other_county: Region) -> None:
    organization = cast.make_organization("carrier", verified=False)
    bare = make_carrier(organization, summary="", contact_phone=" ")
    make_service(bare, listed=False)
    assert results(bare, other_county) == {
        "单位实名认证": False,
        "机构资料": False,
        "服务与仪器": False,
        "机构所在地": None,
    }
    row = bare.recognitions.get()
    assert [check.found for check in checks(row)][:3] == ["未通过", "缺机构简介、联系电话", "0 项"]


@pytest.mark.parametrize(("code", "ok"), [("330000", True), ("330100", True), ("330106", None), ("320000", None)])
def test_a_carrier_from_elsewhere_is_a_fact_and_no_failure(carrier: Carrier, code: str, ok: bool | None) -> None:
    assert results(carrier, cast.make_region(code))["机构所在地"] is ok


# --- Pages ------------------------------------------------------------------------------------------


def test_a_return_is_pinned_to_pages_where_it_can_be_mended(
    chain: Chain, carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = services.apply_for_recognition(carrier, county, by=owner)
    task = reviews.live_case(row).tasks.get(status="open")  # type: ignore[union-attr]
    items = [("statement", "写明资质"), ("profile", "补充电话"), ("items", "补充仪器")]
    reviews.decide(task, by=officer, office=officer.groups.get().office, decision="return", items=items)
    row.refresh_from_db()
    assert {item["words"]: item["url"] for item in tasklist.returned(row)} == {
        "写明资质": "#id_statement",
        "补充电话": "/carrier/profile/",
        "补充仪器": "/carrier/items/",
    }
    ReturnItem.objects.filter(words="补充电话").update(target="")
    assert {item["label"] for item in tasklist.returned(row)} >= {"其他"}


def test_applying_says_what_was_refused_beside_what_was_made(
    chain: Chain, carrier: Carrier, county: Region, other_county: Region, owner: User, officer: User
) -> None:
    cast.make_office("bureau", cast.OTHER_COUNTY)
    make_recognition(carrier, other_county)
    client = client_of(owner)
    response = post(client, "/carrier/cert/apply/", regions=[county.code, other_county.code], statement="有资质")
    page = text_of(client.get(response.headers["Location"]))
    assert f"已向{county.name}提交入库申请" in page
    assert f"{other_county.name}已有一份入库申请（已入库），不用重复提交" in page


def test_an_incomplete_profile_is_told_and_nothing_is_handed_in(chain: Chain, county: Region, officer: User) -> None:
    carrier = make_carrier(contact_name="")
    client = client_of(cast.owner_of(carrier.organization))
    assert "机构资料还不完整" in text_of(client.get("/carrier/cert/apply/"))
    response = post(client, "/carrier/cert/apply/", regions=[county.code], statement="有资质")
    assert "机构资料还缺联系人，补全后再提交入库" in text_of(client.get(response.headers["Location"]))
    assert not carrier.recognitions.exists()


def test_a_region_where_nobody_can_decide_cannot_be_chosen(carrier: Carrier, owner: User, county: Region) -> None:
    response = post(client_of(owner), "/carrier/cert/apply/", regions=[county.code], statement="很长的说明")
    assert response.status_code == 422
    assert "很长的说明" in text_of(response) or "没有找到可以申请的地区" in text_of(response)
    assert not carrier.recognitions.exists()


def test_a_draft_is_withdrawn_without_a_case(carrier: Carrier, county: Region, owner: User) -> None:
    row = make_recognition(carrier, county, "draft")
    assert services.withdraw_recognition(row, by=owner).status == "withdrawn"
    assert reviews.live_case(row) is None


def test_the_side_menu_leads_to_the_applications(owner: User) -> None:
    page = text_of(client_of(owner).get("/carrier/cert/"))
    assert '<a href="/carrier/cert/" aria-current="page">机构入库</a>' in page
