"""The innovation map: the list and the data of the map answer one question alike."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from carriers import mapping
from carriers.catalogue import Ask
from carriers.facets import Facets
from carriers.models import Carrier
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import post

from .factories import category, make_carrier, make_instrument, make_recognition, make_service

EMPTY = Facets((), ())


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


@pytest.fixture
def shops(county: Region, other_county: Region) -> dict[str, Carrier]:
    """One carrier with a service in the county, one with an instrument in the other, one without a place."""
    tests = make_carrier(name="启明实验室", longitude=120.2, latitude=30.2)
    make_recognition(tests, county)
    make_service(tests, "盐雾试验", category=category("010201"))
    lens = make_carrier(name="星野平台", longitude=120.3, latitude=30.3, region=other_county)
    make_recognition(lens, other_county)
    make_instrument(lens, "步进光刻机")
    hidden = make_carrier(name="远岫研究院")
    make_recognition(hidden, county)
    return {"tests": tests, "lens": lens, "hidden": hidden}


def listed(client: Client, **query: Any) -> set[str]:
    page = client.get(reverse("map"), query)
    assert page.status_code == 200
    return {hit.item.name for hit in page.context["hits"]}


def drawn(client: Client, **query: Any) -> set[str]:
    answer = client.get(reverse("map-data"), query)
    assert answer.status_code == 200
    return {point["name"] for point in answer.json()["points"]}


@pytest.mark.feature("ZO-7")
def test_the_list_names_the_offers_that_fit_with_their_booking(client: Client, shops: dict[str, Carrier]) -> None:
    salt = shops["tests"].services.get()
    for number in range(3):
        make_service(shops["tests"], f"湿热试验{number}", category=category("010201"))
    make_instrument(shops["tests"], "盐雾试验箱")
    (hit,) = client.get(reverse("map"), {"q": "盐雾"}).context["hits"]
    assert [(fit.page, fit.title) for fit in hit.item.fits] == [("service", "盐雾试验"), ("instrument", "盐雾试验箱")]
    html = client.get(reverse("map"), {"q": "盐雾"}).content.decode()
    assert reverse("order-new", args=[salt.number]) in html
    assert "预约服务" in html
    (hit,) = client.get(reverse("map"), {"q": "湿热"}).context["hits"]
    assert len(hit.item.fits) == mapping.NAMED


@pytest.mark.feature("ZO-7")
def test_an_institution_found_by_its_name_names_no_offer(client: Client, shops: dict[str, Carrier]) -> None:
    shops["hidden"].services.all().delete()
    (hit,) = client.get(reverse("map"), {"q": "远岫"}).context["hits"]
    assert hit.item.fits == []


@pytest.mark.feature("ZO-7")
def test_without_words_no_offer_is_singled_out(client: Client, shops: dict[str, Carrier]) -> None:
    assert [hit.item.fits for hit in client.get(reverse("map")).context["hits"]] == [[], [], []]
    everything = mapping.found("", Ask(), EMPTY)
    assert mapping.matching(list(everything), Ask(), EMPTY) == {}


# --- Search ----------------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-6", "ZO-7")
@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"q": "启明"}, {"启明实验室"}),
        ({"q": "盐雾"}, {"启明实验室"}),
        ({"q": "光刻"}, {"星野平台"}),
        ({"q": "光刻", "kind": "services"}, set()),
        ({"q": "光刻", "kind": "instruments"}, {"星野平台"}),
        ({"kind": "services"}, {"启明实验室"}),
        ({"cat": "0102"}, {"启明实验室"}),
        ({"region": cast.OTHER_COUNTY}, {"星野平台"}),
        ({"q": "量子"}, set()),
        ({"kind": "nonsense"}, {"启明实验室", "星野平台"}),
    ],
)
def test_the_list_and_the_map_give_the_same_answer(
    client: Client, shops: dict[str, Carrier], query: dict[str, str], names: set[str]
) -> None:
    assert listed(client, **query) - {"远岫研究院"} == names
    assert drawn(client, **query) == names


def test_an_institution_without_a_place_is_in_the_list_alone(client: Client, shops: dict[str, Carrier]) -> None:
    assert "远岫研究院" in listed(client)
    assert "远岫研究院" not in drawn(client)


def test_the_answer_is_that_of_the_catalogue(client: Client, shops: dict[str, Carrier]) -> None:
    page = client.get(reverse("services"), {"q": "盐雾"})
    assert {hit.item.carrier.name for hit in page.context["hits"]} == listed(client, q="盐雾", kind="services")


def test_what_no_region_recognizes_is_on_no_map(client: Client, county: Region) -> None:
    make_recognition(make_carrier(name="暂停所", longitude=120.2, latitude=30.2), county, "suspended")
    assert listed(client) == drawn(client) == set()


def test_counts_are_of_every_county_while_one_is_chosen(client: Client, shops: dict[str, Carrier]) -> None:
    answer = client.get(reverse("map-data"), {"region": cast.OTHER_COUNTY}).json()
    assert answer["counts"] == {cast.COUNTY: 2, cast.OTHER_COUNTY: 1}


def test_a_region_of_nobody_is_passed_over(client: Client, shops: dict[str, Carrier]) -> None:
    assert listed(client, region="no-such") == {"启明实验室", "星野平台", "远岫研究院"}


def test_no_match_offers_to_clear_the_filters(client: Client, shops: dict[str, Carrier]) -> None:
    page = client.get(reverse("map"), {"q": "量子"}).content.decode()
    assert "没有符合条件的结果" in page
    assert f'href="{reverse("map")}"' in page


def test_an_empty_catalogue_says_why(client: Client, db: Any) -> None:
    assert "还没有入库的机构" in client.get(reverse("map")).content.decode()


# --- Points ----------------------------------------------------------------------------------------


def make_many(count: int, region: Region) -> None:
    """Carriers on a line, recognized by the region."""
    for index in range(count):
        carrier = make_carrier(longitude=119 + index * 0.01, latitude=29 + index * 0.01)
        Carrier.objects.filter(pk=carrier.pk).update(
            shown=True, standings=[{"path": region.path, "name": "", "full_name": "", "status": "recognized"}]
        )


def test_more_carriers_than_are_drawn_become_heaps(county: Region) -> None:
    make_many(30, county)
    rows = mapping.found("", Ask(), EMPTY)
    heaps = mapping.points(rows, most=10)
    assert len(heaps) <= mapping.GRID**2
    assert sum(point.count for point in heaps) == 30
    assert all(bool(point.number) == (point.count == 1) for point in heaps)


def test_heaps_open_where_the_map_looks_closer(county: Region) -> None:
    make_many(30, county)
    rows = mapping.found("", Ask(), EMPTY)
    near = mapping.points(rows, box=(119.0, 29.0, 119.045, 29.045), most=10)
    assert [point.count for point in near] == [1] * 5


def test_a_heap_stands_amid_its_carriers(county: Region) -> None:
    make_many(3, county)
    (heap,) = mapping.points(mapping.found("", Ask(), EMPTY), most=2)
    assert (heap.count, round(heap.longitude, 3), round(heap.latitude, 3)) == (3, 119.01, 29.01)


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "120,30,119,31", "0,0,nan,9", "-999,0,1,1"])
def test_a_box_that_is_none_is_refused(client: Client, db: Any, box: str) -> None:
    answer = client.get(reverse("map-data"), {"box": box})
    assert answer.status_code == 422
    assert "box" in answer.json()["errors"]


def test_the_map_asks_as_many_queries_for_many_as_for_one(client: Client, county: Region) -> None:
    asked = []
    for count in (1, 30):
        make_many(count, county)
        cache.clear()
        for name in ("map", "map-data"):
            with CaptureQueriesContext(
                connection,
            ) as seen:
                client.get(reverse(name))
            asked.append(len(seen))
    assert asked[:2] == asked[2:]
    assert max(asked) <= 8


def test_a_map_without_a_question_looks_at_carriers_alone(client: Client, shops: dict[str, Carrier]) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert {carrier.name for carrier in mapping.found("", Ask(), EMPTY)} == {"启明实验室", "星野平台", "远岫研究院"}
    assert "carriers_service" not in seen.captured_queries[0]["sql"]


def test_what_is_kept_costs_no_query(client: Client, shops: dict[str, Carrier]) -> None:
    client.get(reverse("map-data"))
    with CaptureQueriesContext(connection) as seen:
        client.get(reverse("map-data"))
    assert len(seen) == 0


def test_the_same_question_is_answered_from_the_cache(client: Client, shops: dict[str, Carrier]) -> None:
    first = client.get(reverse("map-data"), {"q": "盐雾"}).json()
    Carrier.objects.update(shown=False)
    assert client.get(reverse("map-data"), {"q": "盐雾"}).json() == first
    assert drawn(client, q="光刻") == set()


# --- The card --------------------------------------------------------------------------------------


@pytest.mark.feature("ZJ-6", "ZO-7")
def test_the_card_names_services_and_leads_to_the_booking(client: Client, shops: dict[str, Carrier]) -> None:
    carrier = shops["tests"]
    page = client.get(reverse("map-card", args=[carrier.number])).content.decode()
    service = carrier.services.get()
    assert reverse("order-new", args=[service.number]) in page
    assert "立即预约" in page
    assert "预约服务" in page


def test_the_popup_is_the_card_alone(client: Client, shops: dict[str, Carrier]) -> None:
    response = client.get(reverse("map-card", args=[shops["tests"].number]), headers={"X-Card": "1"})
    page = response.content.decode()
    assert "<html" not in page
    assert "盐雾试验" in page
    assert "X-Card" in response["Vary"]


@pytest.mark.feature("ZO-6", "YRD-6")
def test_a_carrier_of_county_a_is_no_voucher_carrier_for_county_b(
    client: Client, shops: dict[str, Carrier], other_county: Region
) -> None:
    """Scenario 12, its last sentence."""
    organization = cast.make_organization(region=other_county)
    client.force_login(cast.owner_of(organization))
    assert "启明实验室" not in listed(client, mine="1")
    assert listed(client, mine="1") == {"星野平台"}
    page = client.get(reverse("map-card", args=[shops["tests"].number])).content.decode()
    assert f"{other_county.name}尚未认可该机构，不能用券预约" in page
    assert "自费预约" in page


def test_readers_of_two_regions_do_not_share_an_answer(
    client: Client, shops: dict[str, Carrier], county: Region, other_county: Region
) -> None:
    seen = []
    for region in (county, other_county):
        client.force_login(cast.owner_of(cast.make_organization(region=region)))
        seen.append(drawn(client, mine="1"))
    assert seen == [{"启明实验室"}, {"星野平台"}]


def test_a_carrier_outside_the_catalogue_has_no_card(client: Client, carrier: Carrier) -> None:
    assert client.get(reverse("map-card", args=[carrier.number])).status_code == 404


# --- Where a carrier says it is -----------------------------------------------------------------------


@pytest.fixture
def profile(carrier: Carrier) -> dict[str, Any]:
    names = ("name", "summary", "qualifications", "address", "contact_name", "contact_phone")
    return {name: getattr(carrier, name) for name in names}


def test_a_carrier_places_itself(client: Client, carrier: Carrier, owner: User, profile: dict[str, Any]) -> None:
    client.force_login(owner)
    post(client, reverse("carrier-profile"), **{**profile, "longitude": "120.18", "latitude": "30.25"})
    carrier.refresh_from_db()
    assert (carrier.longitude, carrier.latitude) == (120.18, 30.25)


def test_without_a_place_of_its_own_it_stands_amid_its_region(
    client: Client, carrier: Carrier, owner: User, profile: dict[str, Any]
) -> None:
    Region.objects.filter(pk=carrier.region.pk).update(longitude=120.2, latitude=30.2)
    client.force_login(owner)
    post(client, reverse("carrier-profile"), **{**profile, "summary": "另一段话", "longitude": "", "latitude": ""})
    carrier.refresh_from_db()
    assert (carrier.longitude, carrier.latitude) == (120.2, 30.2)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({"longitude": "120.18"}, "经度和纬度一起填写"),
        ({"latitude": "30.25"}, "经度和纬度一起填写"),
        ({"longitude": "30.25", "latitude": "120.18"}, "73"),
    ],
)
def test_half_a_place_is_refused_and_nothing_lost(
    client: Client, carrier: Carrier, owner: User, profile: dict[str, Any], place: dict[str, str], words: str
) -> None:
    client.force_login(owner)
    page = post(client, reverse("carrier-profile"), **{**profile, "summary": "新的话", **place})
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "新的话" in page.content.decode()
    carrier.refresh_from_db()
    assert (carrier.longitude, carrier.latitude, carrier.summary) == (None, None, profile["summary"])
