"""The carrier's own pages by the reader's role: who reads, who writes, what a person with two parts sees."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers import services
from carriers.models import Carrier, CarrierRecognition
from carriers.subjects import carrier_of
from innovation_voucher.casework.models import Chain, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of, post, text_of

from .factories import category, make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db

PAGES = ("/carrier/", "/carrier/profile/", "/carrier/cert/", "/carrier/cert/apply/", "/carrier/items/")
READERS = ("finance", "viewer")


@pytest.fixture(params=READERS)
def reader(request: Any, carrier: Carrier) -> User:
    """A member who may look, not write."""
    return cast.make_member(carrier.organization, role=request.param)


@pytest.mark.parametrize("role", ["owner", "handler", "finance", "viewer"])
def test_every_member_reads_every_page(carrier: Carrier, role: str) -> None:
    client = client_of(cast.make_member(carrier.organization, role=role))
    for path in PAGES:
        response = client.get(path)
        assert response.status_code == 200, path
        assert text_of(response).count("<h1") == 1, path


@pytest.mark.parametrize("path", PAGES)
def test_others_read_who_may(carrier: Carrier, officer: User, path: str) -> None:
    former = cast.make_member(carrier.organization)
    former.memberships.update(active=False)
    for person in (former, officer, cast.make_user(), cast.owner_of(cast.enterprise())):
        response = client_of(person).get(path)
        assert response.status_code == 403
        assert "这里由服务机构的成员使用" in text_of(response)
    assert client_of().get(path).headers["Location"].startswith("/accounts/login/?next=/carrier/")


def test_readers_change_no_profile(reader: User, carrier: Carrier) -> None:
    response = post(client_of(reader), "/carrier/profile/", name="改名", summary="改了")
    assert response.status_code == 403
    assert "管理员、经办人" in text_of(response)
    carrier.refresh_from_db()
    assert (carrier.name, carrier.summary) != ("改名", "改了")


def test_readers_change_no_items(reader: User, carrier: Carrier) -> None:
    service = make_service(carrier)
    client, path = client_of(reader), f"/carrier/items/services/{service.number}/"
    data = {"title": "改名", "category": category().pk, "unit": "次"}
    assert post(client, "/carrier/items/services/new/", **data).status_code == 403
    assert post(client, path, **data).status_code == 403
    assert post(client, f"{path}listing/").status_code == 403
    service.refresh_from_db()
    assert (service.title, service.listed) == ("金属材料成分分析", True)
    assert carrier.services.count() == 1


def test_readers_apply_and_withdraw_nothing(
    reader: User, chain: Chain, carrier: Carrier, county: Region, officer: User
) -> None:
    row = services.apply_for_recognition(carrier, county, by=cast.owner_of(carrier.organization))
    client = client_of(reader)
    assert client.get(f"/carrier/cert/{row.number}/").status_code == 200
    assert post(client, f"/carrier/cert/{row.number}/withdraw/").status_code == 403
    assert post(client, f"/carrier/cert/{row.number}/", statement="改").status_code == 403
    assert post(client, "/carrier/cert/apply/", regions=["330108"]).status_code == 403
    row.refresh_from_db()
    assert (row.status, CarrierRecognition.objects.count()) == ("submitted", 1)


@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_readers_of_an_organization_open_no_carrier(role: str) -> None:
    organization = cast.make_organization("carrier")
    client = client_of(cast.make_member(organization, role=role))
    assert post(client, "/carrier/open/", name="望海计量中心").status_code == 403
    assert not Carrier.objects.filter(organization=organization).exists()


def test_opening_keeps_what_was_typed_until_it_has_a_name() -> None:
    organization = cast.make_organization("carrier", address="科学路 8 号")
    client = client_of(cast.owner_of(organization))
    page = text_of(client.get("/carrier/open/"))
    assert f'value="{organization.name}"' in page
    assert 'value="科学路 8 号"' in page
    response = post(client, "/carrier/open/", name=" ", summary="写了一半的简介")
    assert response.status_code == 422
    assert "写了一半的简介" in text_of(response)
    assert not Carrier.objects.exists()


# --- Two parts ----------------------------------------------------------------------------------


def play(client: Client, role: str) -> None:
    """Choose a part, as the page of roles does."""
    session = client.session
    session["role"] = role
    session.save()


def test_a_person_with_two_parts_uses_the_one_chosen(carrier: Carrier) -> None:
    enterprise = cast.enterprise()
    person = cast.owner_of(enterprise)
    cast.make_member(carrier.organization, user=person)
    client = client_of(person)
    play(client, f"organization:{enterprise.pk}")
    assert client.get("/carrier/").status_code == 403
    assert client.get("/start/").headers["Location"] == "/ent/"
    play(client, f"carrier:{carrier.organization.pk}")
    assert carrier.name in text_of(client.get("/carrier/"))
    assert client.get("/start/").headers["Location"] == "/carrier/"


def test_a_part_that_was_taken_away_is_not_played_on(carrier: Carrier) -> None:
    person = cast.make_member(carrier.organization)
    client = client_of(person)
    play(client, f"carrier:{carrier.organization.pk}")
    assert client.get("/carrier/").status_code == 200
    person.memberships.update(active=False)
    assert client.get("/carrier/").status_code == 403
    assert carrier_of(person) is None


def test_another_s_part_cannot_be_chosen(carrier: Carrier, stranger: User) -> None:
    client = client_of(stranger)
    play(client, f"carrier:{carrier.organization.pk}")
    assert carrier.name not in text_of(client.get("/carrier/"))


def test_nobody_acts_for_a_carrier_without_signing_in() -> None:
    from django.contrib.auth.models import AnonymousUser

    assert carrier_of(AnonymousUser()) is None
    assert carrier_of(cast.make_user()) is None


def test_the_first_carrier_joined_is_the_one(carrier: Carrier, owner: User) -> None:
    cast.make_member(make_carrier().organization, user=owner)
    assert carrier_of(owner) == carrier


# --- Previews -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "status"), [("owner", 200), ("handler", 200), ("viewer", 404), ("finance", 404)])
def test_who_previews_what_is_not_in_the_catalogue(carrier: Carrier, role: str, status: int) -> None:
    client = client_of(cast.make_member(carrier.organization, role=role))
    service, instrument = make_service(carrier, listed=False), make_instrument(carrier, listed=False)
    for path in (f"services/{service.number}", f"instruments/{instrument.number}", f"carriers/{carrier.number}"):
        assert client.get(f"/{path}/").status_code == status


def test_a_listed_item_of_a_suspended_carrier_leaves_the_catalogue(
    carrier: Carrier, county: Region, officer: User
) -> None:
    row, service = make_recognition(carrier, county), make_service(carrier)
    path = f"/services/{service.number}/"
    assert client_of().get(path).status_code == 200
    services.suspend_recognition(row, by=officer, reason="资质过期")
    assert client_of().get(path).status_code == 404
    assert client_of().get("/services/").context["hits"] == []
    services.resume_recognition(row, by=officer)
    assert client_of().get(path).status_code == 200
