"""The public lists: search, filters, orders, counts, and how many queries they take."""

from typing import Any

import pytest
from django.test import Client

from carriers import catalogue, filters
from carriers.counting import shown_count
from carriers.models import Carrier, Service
from innovation_voucher.tests import cast

from .factories import category, make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier() -> Carrier:
    """Recognized in the county of the story, and so in the catalogue."""
    row = make_carrier(shown=True)
    make_recognition(row, cast.make_region())
    return row


def titles(client: Client, **query: Any) -> list[str]:
    response = client.get("/services/", query)
    assert response.status_code == 200
    return [hit.item.title for hit in response.context["hits"]]


def test_two_characters_find_a_service(client: Client, carrier: Carrier) -> None:
    make_service(carrier, "金属材料成分分析")
    make_service(carrier, "盐雾试验", description="中性盐雾", category=category("010201"))
    assert titles(client, q="成分") == ["金属材料成分分析"]
    assert titles(client, q="盐雾") == ["盐雾试验"]
    assert titles(client, q="量子") == []


def test_the_carrier_s_name_finds_its_services(client: Client, carrier: Carrier) -> None:
    service = make_service(carrier)
    make_service(make_carrier(name="东篱测试中心", shown=True), "另一项服务")
    assert titles(client, q=carrier.name) == [service.title]


def test_what_is_not_listed_or_not_recognized_anywhere_is_not_shown(client: Client, carrier: Carrier) -> None:
    make_service(carrier, "下架的服务", listed=False)
    make_service(make_carrier(), "未入库机构的服务")
    shown = make_service(carrier, "在架的服务")
    assert titles(client) == [shown.title]


def test_a_category_holds_everything_below_it(client: Client, carrier: Carrier) -> None:
    leaf = make_service(carrier, "光谱分析", category=category("010101"))
    make_service(carrier, "专利检索", category=category("030101"))
    for code in ("01", "0101", "010101"):
        assert titles(client, cat=code) == [leaf.title]
    assert titles(client, cat="0102") == []


def test_two_categories_are_either(client: Client, carrier: Carrier) -> None:
    make_service(carrier, "光谱分析", category=category("010101"))
    make_service(carrier, "专利检索", category=category("030101"))
    make_service(carrier, "渗透测试", category=category("020201"))
    assert set(titles(client, cat=["01", "03"])) == {"光谱分析", "专利检索"}


def test_a_place_is_the_carrier_s_address_and_all_below(client: Client, carrier: Carrier) -> None:
    here = make_service(carrier)
    elsewhere = make_carrier(cast.make_organization("carrier", "320505"), shown=True)
    there = make_service(elsewhere, "苏式检测")
    assert titles(client, region="330000") == [here.title]
    assert titles(client, region="330100") == [here.title]
    assert titles(client, region="320000") == [there.title]
    assert set(titles(client, region=["330000", "320500"])) == {here.title, there.title}


def test_unknown_filters_are_passed_over(client: Client, carrier: Carrier) -> None:
    service = make_service(carrier)
    assert titles(client, cat="99", region="999999", rate="7", sort="bogus", page="0") == [service.title]


def test_prices_bound_the_results(client: Client, carrier: Carrier) -> None:
    make_service(carrier, "便宜", price=100)
    make_service(carrier, "中等", price=1000)
    make_service(carrier, "面议", price=None)
    assert titles(client, max="500") == ["便宜"]
    assert titles(client, min="500") == ["中等"]
    assert titles(client, min="1,000.00", max="1000 元") == ["中等"]
    assert len(titles(client)) == 3


def test_a_price_that_is_no_number_is_reported_and_nothing_typed_is_lost(client: Client, carrier: Carrier) -> None:
    make_service(carrier)
    response = client.get("/services/", {"max": "abc", "q": "成分"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="abc"' in page
    assert 'value="成分"' in page
    assert "金额只写数字" in page


def test_ratings_count_real_ones_only(client: Client, carrier: Carrier) -> None:
    good = make_service(carrier, "口碑好", rating=480, stars_total=24, stars_count=5)
    make_service(carrier, "口碑中", rating=420, stars_total=21, stars_count=5)
    make_service(carrier, "只有默认", default_count=9)
    assert titles(client, rate="4.5") == [good.title]
    assert len(titles(client, rate="4.0")) == 2


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["甲", "乙", "丙"]),
        ("price", ["丙", "乙", "甲"]),
        ("rating", ["乙", "甲", "丙"]),
        ("finished", ["丙", "甲", "乙"]),
    ],
)
def test_orders(client: Client, carrier: Carrier, sort: str, expected: list[str]) -> None:
    make_service(carrier, "甲", price=None, rank=500, rating=400, finished_orders=5)
    make_service(carrier, "乙", price=200, rank=450, rating=500, finished_orders=1)
    make_service(carrier, "丙", price=100, rank=400, rating=0, finished_orders=9)
    assert titles(client, sort=sort) == expected


def test_tabs_count_the_same_question(client: Client, carrier: Carrier) -> None:
    make_service(carrier, "成分分析")
    make_service(carrier, "盐雾试验", description="", category=category("010201"))
    make_instrument(carrier, "成分分析仪")
    tabs = client.get("/services/", {"q": "成分"}).context["tabs"]
    assert [(str(tab.label), tab.count, tab.current) for tab in tabs] == [
        ("服务", "1", True),
        ("仪器设备", "1", False),
        ("服务机构", "0", False),
    ]
    assert tabs[1].url == "/instruments/?q=%E6%88%90%E5%88%86"


def test_instruments_and_carriers_are_found_alike(client: Client, carrier: Carrier) -> None:
    instrument = make_instrument(carrier)
    found = client.get("/instruments/", {"q": "电镜"}).context["hits"]
    assert [hit.item for hit in found] == [instrument]
    found = client.get("/carriers/", {"q": carrier.name}).context["hits"]
    assert [hit.item for hit in found] == [carrier]


def test_chips_take_one_filter_away_each(client: Client, carrier: Carrier) -> None:
    make_service(carrier)
    response = client.get(
        "/services/",
        {"q": "成分", "cat": ["01", "0102"], "region": "330100", "max": "2000", "rate": "4.0", "page": "2"},
    )
    chips = {str(chip.label): chip.url for chip in response.context["chips"]}
    assert set(chips) == {
        "检验检测",
        "环境与可靠性",
        response.context["ask"].places[0].name,
        "2,000.00 元以内",
        "4.0 分及以上",
    }
    assert "cat=0102" in chips["检验检测"]
    assert "cat=01&" not in chips["检验检测"] + "&"
    assert "page" not in chips["检验检测"]
    assert "max" not in chips["2,000.00 元以内"]
    assert response.context["clear_url"] == "?q=%E6%88%90%E5%88%86"


def test_a_new_search_keeps_the_filters_and_the_filters_keep_the_words(client: Client, carrier: Carrier) -> None:
    page = client.get("/services/", {"q": "成分", "cat": "01", "sort": "price"}).content.decode()
    search, filters = page.split('id="filters"')
    assert '<input type="hidden" name="cat" value="01">' in search
    assert '<input type="hidden" name="q" value="成分">' in filters
    assert '<input type="hidden" name="sort" value="price">' in filters


def test_facets_sum_up_the_tree(client: Client, carrier: Carrier) -> None:
    make_service(carrier, category=category("010101"))
    make_service(carrier, category=category("010201"))
    facets = client.get("/services/").context["facets"]
    counts = {node.code: (node.count, node.depth) for node in facets.categories if node.count}
    assert counts == {"01": (2, 1), "0101": (1, 2), "010101": (1, 3), "0102": (1, 2), "010201": (1, 3)}
    assert [(place.code, place.count) for place in facets.places] == [("330000", 2), ("330100", 2)]


def test_no_match_offers_to_clear_the_filters(client: Client, carrier: Carrier) -> None:
    page = client.get("/services/", {"q": "量子"}).content.decode()
    assert "没有符合条件的结果" in page
    assert "清除筛选" in page


def test_an_empty_catalogue_says_why(client: Client) -> None:
    assert "还没有上架的项目" in client.get("/services/").content.decode()


def test_twenty_rows_a_page_and_the_next_one_keeps_the_question(client: Client, carrier: Carrier) -> None:
    for number in range(23):
        make_service(carrier, f"成分分析{number}")
    response = client.get("/services/", {"q": "成分"})
    assert len(response.context["hits"]) == 20
    assert "?q=%E6%88%90%E5%88%86&amp;page=2" in response.content.decode()
    assert len(titles(client, q="成分", page=2)) == 3


def test_counting_stops_at_the_cap(client: Client, carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "CAP", 5)
    monkeypatch.setattr(filters, "CAP", 5)
    for number in range(7):
        make_service(carrier, f"服务{number}")
    response = client.get("/services/")
    assert response.context["tabs"][0].count == "5+"
    assert response.context["page"].paginator.count == 5


def test_the_cap_reads_one_thousand_plus() -> None:
    assert [shown_count(number, 1000) for number in (0, 1000, 1001)] == ["0", "1,000", "1,000+"]
    assert shown_count(1001) == "1,001"


# --- Whose vouchers pay -----------------------------------------------------------------------


def test_a_signed_in_enterprise_reads_whether_its_region_counts(client: Client, carrier: Carrier) -> None:
    enterprise = cast.enterprise()
    client.force_login(cast.owner_of(enterprise))
    make_service(carrier, "可以用券")
    stranger = make_carrier(shown=True)
    make_recognition(stranger, cast.make_region("330106"))
    make_service(stranger, "不可用券")
    hits = {hit.item.title: hit for hit in client.get("/services/").context["hits"]}
    assert hits["可以用券"].bookable
    assert hits["不可用券"].bookable is False
    assert hits["不可用券"].reason == f"{enterprise.region.name}尚未认可该机构，不能用券预约"
    assert titles(client, mine="1") == ["可以用券"]


def test_the_public_is_told_nothing_about_itself(client: Client, carrier: Carrier) -> None:
    make_service(carrier)
    hit = client.get("/services/").context["hits"][0]
    assert hit.bookable is None
    assert hit.reason == ""
    assert hit.labels == [cast.make_region().name]


# --- Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/services/", "/instruments/", "/carriers/"])
@pytest.mark.parametrize("rows", [1, 30])
def test_a_list_takes_as_many_queries_for_one_row_as_for_thirty(
    client: Client, django_assert_num_queries: Any, path: str, rows: int
) -> None:
    for _ in range(rows):
        carrier = make_carrier(shown=True)
        make_recognition(carrier, cast.make_region())
        make_service(carrier)
        make_instrument(carrier)
    expected = 5 if path == "/carriers/" else 6
    with django_assert_num_queries(expected):
        client.get(path, {"q": "实验室", "cat": "01"} if path == "/services/" else {})


def test_a_signed_in_search_stays_within_eight_queries(
    client: Client, carrier: Carrier, django_assert_max_num_queries: Any
) -> None:
    make_service(carrier)
    client.force_login(cast.owner_of(cast.enterprise()))
    client.get("/services/")
    with django_assert_max_num_queries(8):
        client.get("/services/", {"q": "成分"})


def test_bookable_in_agrees_with_the_rule(carrier: Carrier) -> None:
    county = cast.make_region()
    service = make_service(carrier)
    make_service(make_carrier(shown=True))
    make_service(carrier, "不支持用券", voucher_eligible=False)
    assert list(Service.objects.bookable_in(county)) == [service]
    assert list(Carrier.objects.recognized_in(county)) == [carrier]
    assert not Service.objects.bookable_in(cast.make_region("330106")).exists()
