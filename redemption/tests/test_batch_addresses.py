"""Addresses of batches that nobody has: not found, whatever stands in place of the number."""

import pytest

from redemption.tests import factories
from redemption.tests.pages import client_for

pytestmark = pytest.mark.django_db


def test_what_is_no_number_of_a_batch_is_not_found() -> None:
    client = client_for(factories.settler())
    base = "/admin/redemption/settlementbatch/"
    found = {asked: client.get(f"{base}{asked}/change/").status_code for asked in ("²", "①", "x", "-1", "9" * 40)}
    assert set(found.values()) == {404}, found
