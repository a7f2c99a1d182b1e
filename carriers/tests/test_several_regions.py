"""One application to several regions: who grants, who refuses, and what the catalogue and the map make of it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from accounts.services import Taken
from carriers import mapping, rules, services
from carriers.catalogue import Ask
from carriers.facets import Facets
from carriers.models import Carrier, CarrierRecognition
from innovation_voucher.casework import reviews
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Chain, Message, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of

from .factories import category, make_carrier, make_recognition, make_service

pytestmark = pytest.mark.feature("ZO-5")

EMPTY = Facets((), ())


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    cache.clear()


def decide(row: CarrierRecognition, by: User, decision: str, **given: Any) -> CarrierRecognition:
    case = reviews.live_case(row)
    assert case is not None
    office = by.groups.get().office  # type: ignore[attr-defined]
    reviews.decide(case.tasks.get(status="open"), by=by, office=office, decision=decision, **given)
    return CarrierRecognition.objects.get(pk=row.pk)


def drawn(client: Client, **query: str) -> set[str]:
    return {point["name"] for point in client.get(reverse("map-data"), query).json()["points"]}


# --- Several bureaus --------------------------------------------------------------------------------


@pytest.fixture
def applied(
    chain: Chain, carrier: Carrier, county: Region, other_county: Region, owner: User
) -> list[CarrierRecognition]:
    """The carrier has asked both counties."""
    return services.apply_for_regions(carrier, [county, other_county], by=owner, statement="有资质").made


def test_each_bureau_decides_for_itself(
    applied: list[CarrierRecognition], carrier: Carrier, officer: User, foreign_officer: User
) -> None:
    granted = decide(applied[0], officer, "approve")
    refused = decide(applied[1], foreign_officer, "reject", reason="没有检测资质")
    assert (granted.status, refused.status) == ("recognized", "rejected")
    carrier.refresh_from_db()
    assert carrier.shown
    assert [row["path"] for row in carrier.standings] == [granted.region.path]
    assert rules.recognized_in(carrier, granted.region)
    assert not rules.recognized_in(carrier, refused.region)


def test_the_refusal_is_told_with_its_reason_and_may_be_mended(
    applied: list[CarrierRecognition], carrier: Carrier, owner: User, foreign_officer: User
) -> None:
    refused = decide(applied[1], foreign_officer, "reject", reason="没有检测资质")
    assert Message.objects.filter(user=owner, title__contains="没有检测资质").count() == 1
    again = services.apply_for_recognition(carrier, refused.region, by=owner, statement="已取得资质")
    assert (again.status, again.pk == refused.pk) == ("submitted", False)


def test_no_bureau_decides_for_another(applied: list[CarrierRecognition], officer: User) -> None:
    with pytest.raises(NotAllowed), transaction.atomic():
        decide(applied[1], officer, "approve")
    assert [row.status for row in CarrierRecognition.objects.order_by("pk")] == ["submitted", "submitted"]


def test_a_region_asked_twice_in_one_form_is_asked_once(
    chain: Chain, carrier: Carrier, county: Region, owner: User
) -> None:
    result = services.apply_for_regions(carrier, [county, county], by=owner)
    assert [row.region for row in result.made] == [county]
    ((region, why),) = result.refused
    assert region == county
    assert "不用重复提交" in why


def test_both_pages_tell_the_truth_to_the_enterprises_of_each(
    applied: list[CarrierRecognition], carrier: Carrier, officer: User, foreign_officer: User
) -> None:
    service = make_service(carrier)
    decide(applied[0], officer, "approve")
    decide(applied[1], foreign_officer, "reject", reason="没有检测资质")
    carrier.refresh_from_db()
    assert rules.bookable(service, applied[0].region) == (True, "")
    allowed, why = rules.bookable(service, applied[1].region)
    assert (allowed, why) == (False, f"{applied[1].region.name}尚未认可该机构，不能用券预约")


# --- The province's own list ------------------------------------------------------------------------


@pytest.fixture
def province(county: Region) -> Region:
    return Region.objects.get(code=county.ancestor_codes[0])


@pytest.fixture
def listing(county: Region) -> dict[str, Any]:
    return {
        "name": "启明材料研究院",
        "credit_code": cast.credit_code(900043),
        "place": county,
        "summary": "材料试验",
        "address": "科学路 1 号",
        "person_name": "程工",
        "phone": "+8613800000043",
        "email": "",
    }


def counts() -> list[int]:
    return [model.objects.count() for model in (Organization, User, Carrier, CarrierRecognition, Message, AuditRow)]


@pytest.mark.parametrize(
    ("code", "right", "kind"),
    [
        (cast.COUNTY, "review_recognition", "bureau"),
        ("330100", "review_recognition", "bureau"),
        ("320000", "review_recognition", "province"),
        ("330000", "view_cases", "province"),
    ],
)
def test_only_who_reviews_for_the_whole_province_lists(
    province: Region, listing: dict[str, Any], code: str, right: str, kind: str
) -> None:
    person = cast.make_officer(code, right, kind=kind)
    before = counts()
    with pytest.raises(NotAllowed, match=f"此事由{province.name}"), transaction.atomic():
        services.list_carrier(province, data=listing, by=person, reason="名录")
    assert counts() == before


@pytest.mark.parametrize("what", ["outside", "phone", "code"])
def test_what_is_wrong_leaves_nothing_behind(province: Region, listing: dict[str, Any], what: str) -> None:
    staff = cast.make_officer(province.code, "review_recognition", kind="province")
    taken = cast.make_organization("carrier")
    changes = {
        "outside": {"place": cast.make_region("320100")},
        "phone": {"phone": cast.owner_of(taken).phone},
        "code": {"credit_code": taken.credit_code},
    }[what]
    before = counts()
    with pytest.raises(Refused if what == "outside" else Taken), transaction.atomic():
        services.list_carrier(province, data={**listing, **changes}, by=staff, reason="名录")
    assert counts() == before


def test_a_listed_one_needs_no_county_and_survives_its_suspension(
    province: Region, listing: dict[str, Any], county: Region, owner: User
) -> None:
    staff = cast.make_officer(province.code, "review_recognition", kind="province")
    carrier = services.list_carrier(province, data=listing, by=staff, reason="名录")
    with pytest.raises(Refused, match="上级地区已认可本机构"), transaction.atomic():
        services.apply_for_recognition(carrier, county, by=cast.owner_of(carrier.organization))
    services.suspend_recognition(carrier.recognitions.get(), by=staff, reason="年审未过")
    carrier.refresh_from_db()
    assert not carrier.shown


# --- Catalogue and map afterwards -------------------------------------------------------------------


@pytest.fixture
def offered(county: Region, other_county: Region) -> dict[str, CarrierRecognition]:
    """Two carriers with a service of one category each, in one county each."""
    made = {}
    for name, region, code in (("甲所", county, "010101"), ("乙所", other_county, "010201")):
        carrier = make_carrier(name=name, longitude=120.2, latitude=30.2)
        make_service(carrier, f"{name}试验", category=category(code))
        made[name] = make_recognition(carrier, region)
    return made


def test_a_suspension_takes_the_offers_out_of_the_catalogue_and_back(
    client: Client, offered: dict[str, CarrierRecognition], officer: User
) -> None:
    def titles() -> set[str]:
        page = client.get(reverse("services"), {"cat": "0101"}).content.decode()
        return {name for name in ("甲所试验", "乙所试验") if name in page}

    assert titles() == {"甲所试验"}
    services.suspend_recognition(offered["甲所"], by=officer, reason="年审未过")
    assert titles() == set()
    services.resume_recognition(CarrierRecognition.objects.get(pk=offered["甲所"].pk), by=officer)
    assert titles() == {"甲所试验"}


def test_a_suspension_takes_the_point_and_the_count_off_the_map(
    client: Client, offered: dict[str, CarrierRecognition], officer: User
) -> None:
    assert drawn(client) == {"甲所", "乙所"}
    services.suspend_recognition(offered["甲所"], by=officer, reason="年审未过")
    cache.clear()
    assert drawn(client) == {"乙所"}
    assert drawn(client, cat="0101") == set()


def test_mine_is_never_answered_with_the_answer_of_another_region(
    offered: dict[str, CarrierRecognition], county: Region, other_county: Region
) -> None:
    """Warm the cache by each reader in turn; every later one still reads its own."""
    readers = {
        "甲所": client_of(cast.owner_of(cast.make_organization(region=county))),
        "乙所": client_of(cast.owner_of(cast.make_organization(region=other_county))),
    }
    nobody = client_of()
    for _round in range(2):
        assert drawn(nobody, mine="1") == {"甲所", "乙所"}
        for name, reader in readers.items():
            assert drawn(reader, mine="1") == {name}
            assert drawn(reader) == {"甲所", "乙所"}


def test_an_answer_for_a_reader_is_not_for_shared_caches(offered: Any, county: Region) -> None:
    reader = client_of(cast.owner_of(cast.make_organization(region=county)))
    assert "Cookie" in reader.get(reverse("map-data"), {"mine": "1"})["Vary"]


# --- Points, heaps and boxes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "inside"),
    [
        ((120.2, 30.2, 121.0, 31.0), True),
        ((119.0, 29.0, 120.2, 30.2), True),
        ((120.2001, 30.0, 121.0, 31.0), False),
        ((119.0, 30.2001, 121.0, 31.0), False),
        (None, True),
    ],
)
def test_the_edges_of_a_box_belong_to_it(offered: Any, box: mapping.Box | None, inside: bool) -> None:
    points = mapping.points(mapping.found("", Ask(), EMPTY), box=box)
    assert {point.name for point in points} == ({"甲所", "乙所"} if inside else set())


def test_as_many_as_fit_are_single_and_one_more_makes_heaps(offered: Any) -> None:
    rows = mapping.found("", Ask(), EMPTY)
    assert [point.count for point in mapping.points(rows, most=2)] == [1, 1]
    (heap,) = mapping.points(rows, most=1)
    assert (heap.count, heap.number, heap.name) == (2, "", "")


def test_who_stands_on_the_far_edge_is_in_the_last_cell(offered: Any) -> None:
    rows = mapping.found("", Ask(), EMPTY)
    heaps = mapping.points(rows, box=(119.0, 29.0, 120.2, 30.2), most=1)
    assert sum(heap.count for heap in heaps) == 2
