"""The boxes of the papers page follow the scheme's evidence rows: what may be left out, what is full."""

import pytest
from django.test import Client

from accounts.models import Organization
from innovation_voucher.tests import cast
from redemption import services
from redemption.tests import factories
from redemption.tests.pages import client_for
from redemption.tests.test_evidence_rules import ROWS, give, make_programme
from vouchers.models import Voucher

pytestmark = [pytest.mark.django_db, pytest.mark.feature("JS-12")]

PICTURE = "图片或扫描件"
FULL = "已经齐了；要换一份，先删除上面的。"


def page_of(voucher: Voucher, client: Client) -> str:
    return client.get(f"/redeem/papers/{voucher.code}/").content.decode()


@pytest.fixture
def client(organization: Organization) -> Client:
    return client_for(cast.owner_of(organization))


def test_a_picture_that_is_asked_for_is_not_called_optional(client: Client, organization: Organization) -> None:
    page = page_of(factories.make_voucher(organization, make_programme()), client)
    assert PICTURE in page
    assert f"{PICTURE}（选填）" not in page


def test_a_picture_that_may_be_left_out_is_called_optional(client: Client, organization: Organization) -> None:
    rows = tuple({**row, "minimum": 0} if row["key"] == "invoice" else row for row in ROWS)
    page = page_of(factories.make_voucher(organization, make_programme(*rows)), client)
    assert page.count(f"{PICTURE}（选填）") == 1


def test_the_box_goes_when_there_are_as_many_as_may_be_and_comes_back(
    client: Client, organization: Organization
) -> None:
    voucher = factories.make_voucher(organization, make_programme())
    box = 'name="file-contract-file"'
    assert box in page_of(voucher, client)
    file = give(voucher, "contract")
    page = page_of(voucher, client)
    assert box not in page
    assert 'name="file-report-file"' in page
    assert page.count(FULL) == 1
    services.remove_paper(voucher, file, by=cast.owner_of(organization))
    page = page_of(voucher, client)
    assert box in page
    assert FULL not in page


def test_without_an_upper_limit_the_box_stays(client: Client, organization: Organization) -> None:
    voucher = factories.make_voucher(organization, make_programme())
    for _copy in range(3):
        give(voucher, "report")
    page = page_of(voucher, client)
    assert 'name="file-report-file"' in page
    assert FULL not in page
