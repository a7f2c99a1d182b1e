"""Profiles, services, instruments, and the figures that orders report."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from carriers import services
from carriers.models import Carrier, Instrument, Service
from carriers.subjects import carrier_of, roles
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import AuditRow, Region
from innovation_voucher.tests import cast

from .factories import category, make_instrument, make_service

pytestmark = pytest.mark.django_db

SERVICE = {"title": "盐雾试验", "description": "中性盐雾", "price": Decimal("900.00"), "unit": "次", "working_days": 7}


# --- Profile ----------------------------------------------------------------------------------


@pytest.mark.feature("YRD-8")
@pytest.mark.parametrize("kind", ["carrier", "enterprise", "entrepreneur"])
def test_any_organization_can_become_a_carrier(kind: str) -> None:
    organization = cast.make_organization(kind, address="科学路 1 号")
    carrier = services.open_profile(organization, by=cast.owner_of(organization), data={"summary": "材料试验"})
    assert (carrier.name, carrier.region, carrier.address) == (organization.name, organization.region, "科学路 1 号")
    assert carrier.number.startswith("JG-")
    assert not carrier.shown
    assert list(Carrier.objects.filter(search_text__words="材料")) == [carrier]
    assert AuditRow.objects.filter(verb="carrier.opened", subject_id=carrier.pk).exists()


def test_an_organization_is_a_carrier_once(carrier: Carrier, owner: User) -> None:
    with pytest.raises(Refused):
        services.open_profile(carrier.organization, by=owner)
    assert Carrier.objects.count() == 1


def test_a_stranger_opens_nothing(stranger: User) -> None:
    organization = cast.make_organization()
    with pytest.raises(NotAllowed):
        services.open_profile(organization, by=stranger)
    assert not Carrier.objects.filter(organization=organization).exists()


def test_a_new_name_is_found_on_everything_the_carrier_offers(carrier: Carrier, owner: User) -> None:
    service, instrument = make_service(carrier), make_instrument(carrier)
    other = make_service()
    services.save_profile(carrier, by=owner, data={"name": "望海计量中心"})
    assert list(Service.objects.filter(search_text__words="望海计量")) == [service]
    assert list(Instrument.objects.filter(search_text__words="望海")) == [instrument]
    assert list(Service.objects.filter(search_text__words=other.carrier.name)) == [other]
    row = AuditRow.objects.get(verb="carrier.saved")
    assert (row.before["name"], row.after["name"]) == (carrier.name, "望海计量中心")


def test_saving_what_is_the_same_leaves_no_trace(carrier: Carrier, owner: User) -> None:
    services.save_profile(carrier, by=owner, data={"name": carrier.name})
    assert not AuditRow.objects.exists()


def test_what_is_no_field_of_the_profile_is_not_written(carrier: Carrier, owner: User) -> None:
    services.save_profile(carrier, by=owner, data={"number": "JG-1", "shown": True, "summary": "新的简介"})
    carrier.refresh_from_db()
    assert (carrier.summary, carrier.shown) == ("新的简介", False)
    assert carrier.number != "JG-1"


# --- Services and instruments -------------------------------------------------------------------


def test_a_new_service_is_listed_numbered_and_found(carrier: Carrier, owner: User) -> None:
    service = services.save_service(carrier, by=owner, data={**SERVICE, "category": category("010201")})
    assert service.listed
    assert service.listed_at is not None
    assert service.number.startswith("FW-")
    assert service.price == Decimal("900.00")
    for words in ("盐雾", "中性", "气候环境", carrier.name):
        assert service in Service.objects.filter(search_text__words=words)


def test_a_changed_service_keeps_its_number_and_the_audit_its_values(carrier: Carrier, owner: User) -> None:
    service = make_service(carrier)
    data = {"title": "盐雾试验", "category": category("010201"), "price": None}
    saved = services.save_service(carrier, by=owner, data=data, service=service)
    assert (saved.number, saved.price) == (service.number, None)
    row = AuditRow.objects.get(verb="offering.saved")
    assert row.before["title"] == "金属材料成分分析"
    assert row.after["category"] == "气候环境试验"


def test_instruments_likewise(carrier: Carrier, owner: User) -> None:
    data = {
        "title": "热场电镜",
        "category": category("050102"),
        "price": Decimal(300),
        "maker": "云帆",
        "model": "YF-1",
    }
    instrument = services.save_instrument(carrier, by=owner, data=data)
    assert instrument.number.startswith("YQ-")
    assert instrument in Instrument.objects.filter(search_text__words="yf 云帆")


def test_another_carrier_s_item_cannot_be_changed_through_one_s_own(carrier: Carrier, owner: User) -> None:
    foreign = make_service(title="别家的服务")
    with pytest.raises(Service.DoesNotExist):
        services.save_service(carrier, by=owner, data={"title": "改名"}, service=foreign)
    with pytest.raises(NotAllowed):
        services.save_service(foreign.carrier, by=owner, data={"title": "改名"}, service=foreign)
    foreign.refresh_from_db()
    assert foreign.title == "别家的服务"


@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_readers_of_the_organization_change_nothing(carrier: Carrier, role: str) -> None:
    service = make_service(carrier)
    reader = cast.make_member(carrier.organization, role=role)
    with pytest.raises(NotAllowed):
        services.set_listed(service, by=reader, listed=False)
    with pytest.raises(NotAllowed):
        services.save_service(carrier, by=reader, data={"title": "改名"}, service=service)
    service.refresh_from_db()
    assert (service.listed, service.title) == (True, "金属材料成分分析")


def test_taking_out_and_putting_back(carrier: Carrier, owner: User) -> None:
    service = make_service(carrier)
    assert not services.set_listed(service, by=owner, listed=False).listed
    assert not services.set_listed(service, by=owner, listed=False).listed
    assert services.set_listed(service, by=owner, listed=True).listed
    assert list(AuditRow.objects.order_by("pk").values_list("verb", flat=True)) == [
        "offering.unlisted",
        "offering.listed",
    ]


def test_the_bureau_says_what_vouchers_pay_for(
    carrier: Carrier, officer: User, foreign_officer: User, owner: User
) -> None:
    service = make_service(carrier)
    for person in (owner, foreign_officer):
        with pytest.raises(NotAllowed):
            services.set_eligible(service, by=person, office=None, eligible=False, reason="法定检验")
    service.refresh_from_db()
    assert service.voucher_eligible
    services.set_eligible(service, by=officer, office=None, eligible=False, reason="法定检验")
    service.refresh_from_db()
    assert not service.voucher_eligible
    assert AuditRow.objects.get(verb="offering.eligibility").reason == "法定检验"


# --- Figures ------------------------------------------------------------------------------------


def test_default_ratings_do_not_enter_the_mean(carrier: Carrier) -> None:
    service = make_service(carrier)
    for stars in (5, 4, 5):
        services.add_rating(carrier, service, stars=stars, default=False)
    services.add_rating(carrier, service, stars=None, default=True)
    for row in (carrier, service):
        row.refresh_from_db()
        assert (row.stars, row.stars_count, row.default_count, row.rating) == (4.7, 3, 1, 467)


def test_a_real_review_replaces_the_default_one(carrier: Carrier) -> None:
    services.add_rating(carrier, None, stars=None, default=True)
    services.replace_default_rating(carrier, None, stars=3)
    carrier.refresh_from_db()
    assert (carrier.stars, carrier.default_count) == (3.0, 0)


@pytest.mark.parametrize("stars", [None, 0, 6])
def test_stars_are_one_to_five(carrier: Carrier, stars: int | None) -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        services.add_rating(carrier, None, stars=stars, default=False)
    carrier.refresh_from_db()
    assert carrier.stars_count == 0


def test_finished_orders_and_ratings_lift_the_rank(carrier: Carrier) -> None:
    service = make_service(carrier)
    start = service.rank
    services.count_finished(carrier, service)
    service.refresh_from_db()
    assert (service.finished_orders, service.rank) == (1, start + 1)
    services.add_rating(carrier, service, stars=1, default=False)
    service.refresh_from_db()
    assert service.rank < start


def test_few_ratings_weigh_less_than_many() -> None:
    one = Service(stars_total=5, stars_count=1)
    many = Service(stars_total=245, stars_count=50)
    assert many.ranked() > one.ranked()


def test_another_carrier_s_service_takes_no_rating(carrier: Carrier) -> None:
    foreign = make_service()
    with pytest.raises(Service.DoesNotExist):
        services.add_rating(carrier, foreign, stars=5, default=False)
    carrier.refresh_from_db()
    assert carrier.stars_count == 0


def test_the_answer_time_is_what_orders_say(carrier: Carrier) -> None:
    services.set_answer_minutes(carrier, 95)
    carrier.refresh_from_db()
    assert carrier.answer_minutes == 95


# --- Parts that people play -----------------------------------------------------------------------


def test_a_person_of_a_carrier_plays_its_part(carrier: Carrier, owner: User, county: Region) -> None:
    role = next(iter(roles(owner)))
    assert (role.audience, role.carrier, role.organization) == ("carrier", carrier, carrier.organization)
    assert carrier_of(owner) == carrier


def test_a_registered_carrier_without_a_profile_plays_it_too() -> None:
    organization = cast.make_organization("carrier")
    role = next(iter(roles(cast.owner_of(organization))))
    assert (role.audience, role.carrier) == ("carrier", None)


def test_an_enterprise_plays_it_once_it_has_opened_a_profile() -> None:
    organization = cast.enterprise()
    owner = cast.owner_of(organization)
    assert list(roles(owner)) == []
    services.open_profile(organization, by=owner)
    assert [role.label for role in roles(owner)] == [organization.name]


def test_one_query_finds_all_parts(owner: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        list(roles(owner))
