"""A carrier that a mutual list names stands in the catalogue, bookable where the list counts, and nowhere else."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organization, User
from carriers import catalogue, mutual, services
from carriers.models import Carrier, MutualList, Service
from carriers.rules import MUTUAL
from carriers.tests.factories import make_carrier, make_recognition, make_service
from carriers.tests.test_mutual import ABROAD, HOME, firm, keeper, line, listing, sheet
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post

__all__ = ["keeper", "listing"]
pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-4")]


@pytest.fixture
def service(db: None) -> Service:
    """Of a laboratory that no region recognizes."""
    return make_service(make_carrier(firm("示例研究院4", ABROAD)), "道路材料性能试验")


@pytest.fixture
def home(db: None) -> Region:
    return cast.make_region(HOME)


def bring_in(listing: MutualList, keeper: User, *numbers: int, mode: str = "add") -> None:
    services.import_mutual(listing, sheet(*(line(n) for n in numbers)), mode=mode, by=keeper, source="名单.xlsx")


def fresh(service: Service) -> Service:
    return Service.objects.select_related("carrier__region", "category").get(pk=service.pk)


def enterprise() -> Organization:
    node = cast.make_region(HOME)
    return cast.make_organization(region=node, bureau=node)


def titles(organization: Organization | None = None, **asked: str) -> str:
    client = client_of(cast.owner_of(organization)) if organization else Client()
    return client.get(reverse("services"), asked).content.decode()


def test_with_the_list_it_enters_the_catalogue_and_with_it_it_leaves(
    listing: MutualList, keeper: User, service: Service
) -> None:
    assert service.title not in titles()
    bring_in(listing, keeper, 4)
    assert service.title in titles()
    assert Client().get(reverse("service", args=[service.number])).status_code == 200
    bring_in(listing, keeper, 5, mode="replace")
    assert service.title not in titles()
    assert Client().get(reverse("service", args=[service.number])).status_code == 404


def test_it_is_bookable_in_the_regions_of_the_list_and_says_why_not_elsewhere(
    listing: MutualList, keeper: User, service: Service, home: Region
) -> None:
    bring_in(listing, keeper, 4)
    hit = catalogue.hit(fresh(service), home)
    assert (hit.bookable, hit.reason) == (True, "")
    assert hit.labels == ["北京市", "天津市", "河北省"]
    elsewhere = catalogue.hit(fresh(service), cast.make_region("330108"))
    assert elsewhere.bookable is False
    assert "尚未认可" in elsewhere.reason


def test_who_asks_for_what_counts_at_home_finds_it(listing: MutualList, keeper: User, service: Service) -> None:
    bring_in(listing, keeper, 4)
    other = make_service(make_carrier(firm("名单外研究院", ABROAD), shown=True), "名单外的试验")
    page = titles(enterprise(), mine="1")
    assert service.title in page
    assert other.title not in page
    node = cast.make_region("330108")
    assert service.title not in titles(cast.make_organization(region=node, bureau=node), mine="1")


def test_a_region_that_suspended_it_is_not_overruled_by_the_list(
    listing: MutualList, keeper: User, service: Service, home: Region
) -> None:
    make_recognition(service.carrier, home, "suspended")
    bring_in(listing, keeper, 4)
    hit = catalogue.hit(fresh(service), home)
    assert hit.bookable is False
    assert "暂停" in hit.reason
    assert mutual.carriers_for(home) == []
    assert mutual.carriers_for(cast.make_region("120103")) == [service.carrier_id]


def test_a_regions_own_word_stands_before_the_lists(listing: MutualList, keeper: User, service: Service) -> None:
    make_recognition(service.carrier, cast.make_region("120000"))
    bring_in(listing, keeper, 4)
    said = {row["name"]: row["status"] for row in fresh(service).carrier.standings}
    assert said == {"天津市": "recognized", "北京市": MUTUAL, "河北省": MUTUAL}


def test_a_carrier_that_opens_later_is_found_by_what_the_list_says(listing: MutualList, keeper: User) -> None:
    bring_in(listing, keeper, 4)
    lab = firm("示例研究院4", ABROAD)
    carrier = services.open_profile(lab, by=cast.owner_of(lab))
    assert Carrier.objects.get(pk=carrier.pk).shown
    other = firm("名单外研究院", ABROAD)
    assert not services.open_profile(other, by=cast.owner_of(other)).shown


def test_who_joins_or_leaves_the_list_is_told_to_its_carriers(
    listing: MutualList, keeper: User, service: Service, home: Region
) -> None:
    bring_in(listing, keeper, 4)
    data: dict[str, Any] = {"name": listing.name, "region": listing.region_id}
    address = reverse("admin:carriers_mutuallist_change", args=[listing.pk])
    abroad = cast.make_region("130000")
    answer = post(client_of(keeper), address, **data, members=[abroad.pk])
    assert answer.status_code == 302, answer.content.decode()
    assert [row["path"] for row in fresh(service).carrier.standings] == [abroad.path]
    assert catalogue.hit(fresh(service), home).bookable is False
