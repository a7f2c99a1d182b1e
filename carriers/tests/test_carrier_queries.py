"""As many queries for one row as for thirty, on every list of the carrier's and of the admin's pages."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from carriers.models import Carrier
from innovation_voucher.casework.models import Region
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of

from .factories import make_carrier, make_instrument, make_recognition, make_service

pytestmark = pytest.mark.django_db

rows = pytest.mark.parametrize("rows", [1, 30])


# The frame of the admin asks for the rights on each of its tables; what matters is that rows add nothing.


def counted(client: Client, path: str, most: int, check: Any) -> None:
    client.get(path)
    with check(most):
        assert client.get(path).status_code == 200


@rows
def test_applications_of_a_carrier(
    carrier: Carrier, owner: User, rows: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(rows):
        state = "submitted" if number == rows - 1 else "withdrawn"
        make_recognition(carrier, cast.make_region(), state)
    counted(client_of(owner), "/carrier/cert/", 14, django_assert_max_num_queries)


@rows
def test_regions_to_ask(carrier: Carrier, owner: User, rows: int, django_assert_max_num_queries: Any) -> None:
    counties = Region.objects.filter(path__startswith="330000/", level="county")[:rows]
    for county in counties:
        cast.make_office("bureau", county.code)
    counted(client_of(owner), "/carrier/cert/apply/?find=区", 9, django_assert_max_num_queries)


@rows
def test_the_shop_of_a_carrier(carrier: Carrier, county: Region, rows: int, django_assert_max_num_queries: Any) -> None:
    make_recognition(carrier, county)
    for _ in range(rows):
        make_service(carrier)
        make_instrument(carrier)
    client = client_of(cast.owner_of(cast.enterprise()))
    counted(client, f"/carriers/{carrier.number}/", 12, django_assert_max_num_queries)


@rows
@pytest.mark.parametrize("query", ["", "?status=recognized", "?q=实验室"])
def test_the_bureau_s_list(officer: User, rows: int, query: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(rows):
        make_recognition(make_carrier(), cast.make_region())
    counted(client_of(officer), f"/bureau/carriers/{query}", 8, django_assert_max_num_queries)


@rows
@pytest.mark.parametrize("model", ["carrier", "carrierrecognition", "service", "instrument"])
def test_lists_of_the_admin(county: Region, rows: int, model: str, django_assert_max_num_queries: Any) -> None:
    for _ in range(rows):
        carrier = make_carrier()
        make_recognition(carrier, county)
        make_service(carrier)
        make_instrument(carrier)
    person = cast.make_officer(cast.COUNTY, "review_recognition")
    User.objects.filter(pk=person.pk).update(is_staff=True)
    counted(client_of(person), f"/admin/carriers/{model}/", 60, django_assert_max_num_queries)
