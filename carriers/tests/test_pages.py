"""Pages of services, instruments and carriers, the carrier's workbench, and the bureau's list."""

from typing import Any

import pytest
from django.test import Client

from accounts.dashboard import Panel
from accounts.models import User
from carriers import sections, services
from carriers.models import Carrier, CarrierRecognition, Instrument, Service
from innovation_voucher.casework import reviews
from innovation_voucher.casework.idempotency import FIELD, new_token
from innovation_voucher.casework.models import Office, Region, ReviewTask
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import post

from .factories import category, make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


@pytest.fixture
def as_officer(client: Client, officer: User) -> Client:
    client.force_login(officer)
    return client


# --- One service --------------------------------------------------------------------------------


def test_a_service_s_page_says_what_a_reader_asks(client: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    service = make_service(carrier, stars_total=201, stars_count=42, default_count=9, finished_orders=57)
    page = client.get(f"/services/{service.number}/").content.decode()
    for words in (
        "<title>金属材料成分分析 - ",
        "¥1,200.00",
        "参考价，以机构确认为准",
        "5 个工作日",
        "4.8 分",
        "真实评价 42 条，另有系统默认 9 条不计入均分",
        "已完成 57 单",
        county.full_name,
        carrier.name,
        "后显示本企业能否用券",
    ):
        assert words in page
    assert page.count("<h1") == 1


def test_a_price_to_be_agreed_says_so(client: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    page = client.get(f"/services/{make_service(carrier, price=None).number}/").content.decode()
    assert "价格面议" in page
    assert "提交需求后机构报价" in page


@pytest.mark.parametrize(("code", "words"), [("330108", "可以用券预约"), ("330106", "尚未认可该机构，不能用券预约")])
def test_a_signed_in_enterprise_reads_its_own_region(
    client: Client, carrier: Carrier, county: Region, code: str, words: str
) -> None:
    make_recognition(carrier, county)
    service = make_service(carrier)
    enterprise = cast.enterprise(region_code=code)
    client.force_login(cast.owner_of(enterprise))
    page = client.get(f"/services/{service.number}/").content.decode()
    assert words in page
    assert enterprise.region.name in page


@pytest.mark.parametrize("path", ["services", "instruments"])
def test_what_is_not_in_the_catalogue_is_not_found_but_by_its_own_people(
    client: Client, carrier: Carrier, county: Region, owner: User, stranger: User, path: str
) -> None:
    make_recognition(carrier, county)
    item = (make_service if path == "services" else make_instrument)(carrier, listed=False)
    address = f"/{path}/{item.number}/"
    assert client.get(address).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 404
    client.force_login(owner)
    response = client.get(address)
    assert response.status_code == 200
    assert "该项目已下架，不能预约" in response.content.decode()


def test_similar_services_are_of_the_same_category(client: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    service = make_service(carrier)
    alike = make_service(carrier, "光谱定量分析")
    make_service(carrier, "盐雾试验", category=category("010201"))
    make_service(make_carrier(), "未入库机构的成分分析")
    assert list(client.get(f"/services/{service.number}/").context["alike"]) == [alike]


def test_an_instrument_s_page(client: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    instrument = make_instrument(carrier, location="一号楼 102")
    page = client.get(f"/instruments/{instrument.number}/").content.decode()
    for words in ("YF-8000", "云帆仪器厂", "一号楼 102", "¥300.00", "/ 小时"):
        assert words in page


def test_a_carrier_s_page_is_its_shop(client: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    service, instrument = make_service(carrier), make_instrument(carrier)
    make_service(carrier, "下架的服务", listed=False)
    page = client.get(f"/carriers/{carrier.number}/").content.decode()
    for words in (carrier.summary, service.title, instrument.title, county.full_name, carrier.contact_phone):
        assert words in page
    assert "下架的服务" not in page


def test_a_carrier_that_nobody_recognizes_is_not_found(client: Client, carrier: Carrier, owner: User) -> None:
    assert client.get(f"/carriers/{carrier.number}/").status_code == 404
    client.force_login(owner)
    assert client.get(f"/carriers/{carrier.number}/").status_code == 200


def test_pages_of_one_thing_stay_within_twelve_queries(
    client: Client, carrier: Carrier, county: Region, django_assert_max_num_queries: Any
) -> None:
    make_recognition(carrier, county)
    for _ in range(15):
        service, instrument = make_service(carrier), make_instrument(carrier)
    client.force_login(cast.owner_of(cast.enterprise()))
    for path in (f"services/{service.number}", f"instruments/{instrument.number}", f"carriers/{carrier.number}"):
        with django_assert_max_num_queries(12):
            client.get(f"/{path}/")


def test_upper_floors_add_their_parts(
    client: Client, carrier: Carrier, county: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "_makers", {})
    late, early = Panel("carriers/_regions.html"), Panel("carriers/_regions.html", aside=True)
    sections.register_section("service", 20, lambda _request, _item: late)
    sections.register_section("service", 10, lambda _request, _item: early)
    sections.register_section("service", 15, lambda _request, _item: None)
    make_recognition(carrier, county)
    response = client.get(f"/services/{make_service(carrier).number}/")
    assert response.context["sections"] == [early, late]
    assert response.content.decode().count("哪些地区的企业可以用券") == 3


# --- The workbench --------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "profile/", "cert/", "cert/apply/", "items/", "items/services/new/"])
def test_who_may_open_the_workbench(client: Client, owner: User, path: str) -> None:
    address = f"/carrier/{path}"
    assert client.get(address).status_code == 302
    client.force_login(cast.owner_of(cast.enterprise()))
    assert client.get(address).status_code == 403
    client.force_login(owner)
    assert client.get(address).status_code == 200


def test_before_recognition_the_first_page_shows_what_to_do(as_owner: Client) -> None:
    page = as_owner.get("/carrier/").content.decode()
    assert "入库前要做的事" in page
    assert "scan-big" not in page


def test_a_registered_carrier_without_a_profile_opens_one(client: Client) -> None:
    organization = cast.make_organization("carrier")
    client.force_login(cast.owner_of(organization))
    assert client.get("/carrier/").headers["Location"] == "/carrier/open/"
    response = post(client, "/carrier/open/", name="望海计量中心", summary="计量校准", contact_name="程工")
    assert response.headers["Location"] == "/carrier/cert/"
    assert Carrier.objects.get(organization=organization).name == "望海计量中心"
    assert client.get("/carrier/").status_code == 200


@pytest.mark.feature("YRD-8")
def test_an_enterprise_opens_a_profile_and_goes_on_as_a_carrier(client: Client) -> None:
    organization = cast.enterprise()
    client.force_login(cast.owner_of(organization))
    assert post(client, "/carrier/open/", name=organization.name).status_code == 302
    assert client.get("/carrier/cert/").status_code == 200
    assert client.get("/carrier/open/").headers["Location"] == "/carrier/profile/"


def test_the_profile_is_saved_or_keeps_what_was_typed(as_owner: Client, carrier: Carrier) -> None:
    response = post(as_owner, "/carrier/profile/", name="", summary="写了很多的简介")
    assert response.status_code == 422
    page = response.content.decode()
    assert "写了很多的简介" in page
    assert "填写机构名称" in page
    carrier.refresh_from_db()
    assert carrier.summary == "环境与材料试验"
    assert post(as_owner, "/carrier/profile/", name="新名称", summary="新简介").status_code == 302
    carrier.refresh_from_db()
    assert (carrier.name, carrier.summary) == ("新名称", "新简介")


def test_a_form_without_its_token_changes_nothing(as_owner: Client, carrier: Carrier) -> None:
    assert as_owner.post("/carrier/profile/", {"name": "新名称"}).status_code == 422
    carrier.refresh_from_db()
    assert carrier.name != "新名称"


def test_services_are_added_changed_and_taken_out(as_owner: Client, carrier: Carrier) -> None:
    data = {"title": "盐雾试验", "category": category("010201").pk, "price": "1,900", "unit": "次"}
    assert post(as_owner, "/carrier/items/services/new/", **data).status_code == 302
    service = Service.objects.get()
    assert (service.carrier, service.price, service.listed) == (carrier, 1900, True)
    edit = f"/carrier/items/services/{service.number}/"
    post(as_owner, edit, **{**data, "price": "", "title": "中性盐雾试验"})
    service.refresh_from_db()
    assert (service.title, service.price) == ("中性盐雾试验", None)
    assert "下架后目录里不再显示" in as_owner.get(f"{edit}listing/").content.decode()
    post(as_owner, f"{edit}listing/")
    service.refresh_from_db()
    assert not service.listed
    post(as_owner, f"{edit}listing/")
    service.refresh_from_db()
    assert service.listed


def test_instruments_likewise(as_owner: Client) -> None:
    data = {"title": "扫描电镜", "category": category("050102").pk, "price": "300", "unit": "小时", "maker": "云帆"}
    response = post(as_owner, "/carrier/items/instruments/new/", **data)
    assert response.headers["Location"] == "/carrier/items/?kind=instruments"
    assert Instrument.objects.get().maker == "云帆"
    assert "扫描电镜" in as_owner.get("/carrier/items/?kind=instruments").content.decode()


def test_a_bad_form_answers_422_and_loses_nothing(as_owner: Client) -> None:
    response = post(as_owner, "/carrier/items/services/new/", title="", price="abc", description="很长的说明")
    assert response.status_code == 422
    page = response.content.decode()
    for words in ("填写名称", "选择类别", "金额只写数字", "很长的说明", "<title>错误："):
        assert words in page
    assert not Service.objects.exists()


@pytest.mark.parametrize("tail", ["", "listing/"])
def test_another_carrier_s_items_are_not_found(as_owner: Client, tail: str) -> None:
    foreign = make_service(title="别家的服务")
    address = f"/carrier/items/services/{foreign.number}/{tail}"
    assert as_owner.get(address).status_code == 404
    assert post(as_owner, address, title="改名").status_code == 404
    foreign.refresh_from_db()
    assert (foreign.title, foreign.listed) == ("别家的服务", True)


def test_empty_lists_say_what_to_do(as_owner: Client) -> None:
    assert "上架第一项" in as_owner.get("/carrier/items/").content.decode()
    assert "还没有向任何地区申请入库" in as_owner.get("/carrier/cert/").content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_items_takes_the_same_queries_for_any_length(
    as_owner: Client, carrier: Carrier, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        make_service(carrier)
    with django_assert_num_queries(5):
        as_owner.get("/carrier/items/")


# --- Applications -----------------------------------------------------------------------------------


def test_applying_to_chosen_regions(as_owner: Client, chain: Any, carrier: Carrier, officer: User) -> None:
    make_service(carrier)
    page = as_owner.get("/carrier/cert/apply/").content.decode()
    assert 'value="330108"' in page
    response = post(as_owner, "/carrier/cert/apply/", regions=["330108"], statement="有资质")
    assert response.headers["Location"] == "/carrier/cert/"
    row = CarrierRecognition.objects.get()
    assert (row.status, row.statement, row.region.code) == ("submitted", "有资质", "330108")
    page = as_owner.get("/carrier/cert/").content.decode()
    assert "待审核" in page
    assert row.number in page


def test_choosing_no_region_is_an_error(as_owner: Client, officer: User) -> None:
    response = post(as_owner, "/carrier/cert/apply/", statement="有资质")
    assert response.status_code == 422
    assert "至少选择一个地区" in response.content.decode()


def test_other_regions_are_found_by_name(as_owner: Client) -> None:
    far = cast.make_office("bureau", "320505").region
    assert f'value="{far.code}"' not in as_owner.get("/carrier/cert/apply/").content.decode()
    page = as_owner.get("/carrier/cert/apply/", {"find": far.name}).content.decode()
    assert f'value="{far.code}"' in page
    assert "没有找到可以申请的地区" in as_owner.get("/carrier/cert/apply/", {"find": "无此地"}).content.decode()


def test_a_returned_application_shows_every_item_and_goes_back(
    as_owner: Client, chain: Any, carrier: Carrier, county: Region, owner: User, officer: User
) -> None:
    row = services.apply_for_recognition(carrier, county, by=owner, statement="原说明")
    task = ReviewTask.objects.get(case=reviews.live_case(row))
    items = [("statement", "写明检测资质"), ("items", "补充标准编号")]
    office = Office.objects.get(region=county, kind="bureau")
    reviews.decide(task, by=officer, office=office, decision="return", items=items)
    address = f"/carrier/cert/{row.number}/"
    page = as_owner.get(address).content.decode()
    for words in ("共 2 项需补正", "写明检测资质", "补充标准编号", "/carrier/items/", "原说明"):
        assert words in page
    assert post(as_owner, address, statement="").status_code == 422
    assert post(as_owner, address, statement="有 CMA 资质").status_code == 302
    row = CarrierRecognition.objects.get()
    assert (row.status, row.statement) == ("submitted", "有 CMA 资质")


def test_an_application_is_withdrawn_by_post_only(
    as_owner: Client, chain: Any, carrier: Carrier, county: Region, owner: User
) -> None:
    row = services.apply_for_recognition(carrier, county, by=owner)
    address = f"/carrier/cert/{row.number}/withdraw/"
    assert as_owner.get(address).status_code == 405
    assert post(as_owner, address).status_code == 302
    assert CarrierRecognition.objects.get().status == "withdrawn"
    assert post(as_owner, address).status_code == 422


def test_another_carrier_s_application_is_not_found(as_owner: Client, county: Region) -> None:
    foreign = make_recognition(make_carrier(), county, "submitted")
    for tail in ("", "withdraw/"):
        assert post(as_owner, f"/carrier/cert/{foreign.number}/{tail}", statement="改").status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == "submitted"


# --- The bureau -------------------------------------------------------------------------------------


def test_the_bureau_lists_its_regions_only(as_officer: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    elsewhere = make_carrier(name="别处的机构")
    make_recognition(elsewhere, cast.make_region(cast.OTHER_COUNTY))
    page = as_officer.get("/bureau/carriers/").content.decode()
    assert carrier.name in page
    assert "别处的机构" not in page


def test_the_bureau_s_list_is_narrowed_by_state_and_name(as_officer: Client, carrier: Carrier, county: Region) -> None:
    make_recognition(carrier, county)
    stopped = make_recognition(make_carrier(name="望海计量中心"), county, "suspended")
    rows = as_officer.get("/bureau/carriers/", {"status": "suspended"}).context["page"]
    assert list(rows) == [stopped]
    assert list(as_officer.get("/bureau/carriers/", {"q": "计量"}).context["page"]) == [stopped]
    assert "没有符合条件的结果" in as_officer.get("/bureau/carriers/", {"q": "量子"}).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_bureau_s_list_takes_the_same_queries_for_any_length(
    as_officer: Client, county: Region, django_assert_num_queries: Any, rows: int
) -> None:
    for _ in range(rows):
        make_recognition(make_carrier(), county)
    with django_assert_num_queries(7):
        as_officer.get("/bureau/carriers/")


def test_who_may_read_and_stop_a_recognition(
    client: Client, carrier: Carrier, county: Region, foreign_officer: User, viewer_officer: User, owner: User
) -> None:
    row = make_recognition(carrier, county)
    address = f"/bureau/carriers/{row.number}/"
    assert client.get(address).status_code == 302
    for person, read, act in ((foreign_officer, 404, 404), (viewer_officer, 200, 403), (owner, 403, 403)):
        client.force_login(person)
        assert client.get(address).status_code == read
        assert post(client, f"{address}suspend/", reason="资质过期").status_code == act
    row.refresh_from_db()
    assert row.status == "recognized"


def test_suspending_asks_for_a_reason_and_takes_effect_once(
    as_officer: Client, carrier: Carrier, county: Region
) -> None:
    row = make_recognition(carrier, county)
    address = f"/bureau/carriers/{row.number}/suspend/"
    assert "暂停期间" in as_officer.get(address).content.decode()
    assert post(as_officer, address, reason="").status_code == 422
    token = new_token()
    for _ in range(2):
        response = as_officer.post(address, {FIELD: token, "reason": "资质过期"})
        assert response.headers["Location"] == f"/bureau/carriers/{row.number}/"
    row.refresh_from_db()
    assert (row.status, row.reason) == ("suspended", "资质过期")
    page = as_officer.get(f"/bureau/carriers/{row.number}/").content.decode()
    assert "恢复认可" in page
    assert "资质过期" in page


def test_what_is_over_offers_nothing(as_officer: Client, carrier: Carrier, county: Region) -> None:
    row = make_recognition(carrier, county, "ended")
    assert as_officer.get(f"/bureau/carriers/{row.number}/").context["acts"] == []
    assert post(as_officer, f"/bureau/carriers/{row.number}/suspend/", reason="不行").status_code == 422
    assert post(as_officer, f"/bureau/carriers/{row.number}/explode/", reason="不行").status_code == 404
    row.refresh_from_db()
    assert row.status == "ended"
