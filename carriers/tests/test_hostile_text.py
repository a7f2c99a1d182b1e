"""Text that tries to be more than text: kept as it was typed, shown as text, never an error of ours."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers import services
from carriers.models import Carrier, Service
from innovation_voucher.casework.models import Chain, Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import HOSTILE, client_of, post, text_of

from .factories import category, make_recognition, make_service

pytestmark = pytest.mark.django_db

HARMFUL = ("<script>alert(1)", '" autofocus onfocus="alert(3)', "<img src=x")
texts = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


@pytest.fixture
def as_owner(owner: User) -> Client:
    return client_of(owner)


def item(**changed: Any) -> dict[str, Any]:
    return {"title": "盐雾试验", "category": category("010201").pk, "price": "1,900", "unit": "次", **changed}


def harmless(page: str) -> bool:
    return not any(words in page for words in HARMFUL)


@texts
def test_a_service_keeps_its_words_and_every_page_shows_them_as_text(
    as_owner: Client, carrier: Carrier, county: Region, text: str
) -> None:
    make_recognition(carrier, county)
    sent = item(title=text, description=text, promise=text, methods=text)
    assert post(as_owner, "/carrier/items/services/new/", **sent).status_code == 302
    service = Service.objects.get()
    assert (service.title, service.description, service.promise, service.methods) == (text, text, text, text)
    for path in (
        f"/carrier/items/services/{service.number}/",
        f"/carrier/items/services/{service.number}/listing/",
        "/carrier/items/",
        f"/services/{service.number}/",
        "/services/",
        f"/carriers/{carrier.number}/",
    ):
        response = as_owner.get(path)
        assert response.status_code == 200, path
        assert harmless(text_of(response)), path


@texts
def test_a_profile_likewise(as_owner: Client, carrier: Carrier, county: Region, text: str) -> None:
    make_recognition(carrier, county)
    sent = dict.fromkeys(("qualifications", "address", "contact_name", "contact_phone"), text[:30])
    answer = post(as_owner, "/carrier/profile/", name=text, summary=text, **sent)
    assert answer.status_code == 302
    carrier.refresh_from_db()
    assert (carrier.name, carrier.summary) == (text, text)
    make_service(carrier)
    for path in ("/carrier/", "/carrier/profile/", "/carrier/cert/", f"/carriers/{carrier.number}/", "/carriers/"):
        response = as_owner.get(path)
        assert response.status_code == 200, path
        assert harmless(text_of(response)), path


@texts
def test_what_an_application_says_reaches_the_bureau_as_text(
    chain: Chain, carrier: Carrier, county: Region, owner: User, officer: User, text: str
) -> None:
    row = services.apply_for_recognition(carrier, county, by=owner, statement=text)
    assert row.statement == text
    page = text_of(client_of(officer).get(f"/desk/carrier/{row.number}/"))
    assert harmless(page)
    assert harmless(text_of(client_of(owner).get(f"/carrier/cert/{row.number}/")))


@texts
def test_the_bureau_s_reason_reaches_the_carrier_as_text(
    carrier: Carrier, county: Region, owner: User, officer: User, text: str
) -> None:
    row = make_recognition(carrier, county)
    assert post(client_of(officer), f"/bureau/carriers/{row.number}/suspend/", reason=text).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reason) == ("suspended", text)
    for path in ("/carrier/cert/", f"/carrier/cert/{row.number}/", "/inbox/"):
        response = client_of(owner).get(path)
        assert response.status_code == 200, path
        assert harmless(text_of(response)), path


@texts
def test_a_search_for_it_shows_what_was_typed(client: Client, carrier: Carrier, county: Region, text: str) -> None:
    make_recognition(carrier, county)
    make_service(carrier)
    for path in ("/services/", "/instruments/", "/carriers/"):
        response = client.get(path, {"q": text})
        assert response.status_code == 200
        assert harmless(text_of(response))


# --- Characters that a database cannot hold ---------------------------------------------------


@pytest.mark.parametrize("path", ["/services/", "/instruments/"])
@pytest.mark.parametrize("names", [("min",), ("max",), ("min", "max")])
def test_prices_that_no_one_can_read_are_told_beside_their_boxes(
    client: Client, carrier: Carrier, county: Region, path: str, names: tuple[str, ...]
) -> None:
    make_recognition(carrier, county)
    response = client.get(path, dict.fromkeys(names, "贵"))
    assert response.status_code == 422
    page = text_of(response)
    assert page.count('id="price-error"') == 1
    assert "金额只写数字" in page
    filters = page.split('id="filters"')[1]
    assert filters.count('value="贵"') == len(names)


@pytest.mark.parametrize("name", ["title", "description", "unit", "promise", "price", "category"])
def test_a_nul_in_a_service_is_refused_with_the_form(as_owner: Client, name: str) -> None:
    response = post(as_owner, "/carrier/items/services/new/", **item(**{name: "甲\x00乙"}))
    assert response.status_code == 422
    assert not Service.objects.exists()


def test_a_nul_in_a_chosen_region_is_refused_with_the_form(as_owner: Client, officer: User) -> None:
    response = post(as_owner, "/carrier/cert/apply/", regions=["330108\x00"], statement="有资质")
    assert response.status_code == 422
    assert "有资质" in text_of(response)


def test_a_message_about_a_long_hostile_reason_fits_its_sms(carrier: Carrier, county: Region, officer: User) -> None:
    row = make_recognition(carrier, county)
    services.suspend_recognition(row, by=officer, reason=HOSTILE["markup"] * 9)
    from innovation_voucher.casework.models import Message, Outgoing

    owner = cast.owner_of(carrier.organization)
    assert len(Message.objects.get(user=owner).title) <= 100
    assert len(Outgoing.objects.get(to=owner.phone).body) <= 70
