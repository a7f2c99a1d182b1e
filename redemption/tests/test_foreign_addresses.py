"""Every address of a redemption tried by people of other places: nothing is found, nothing changes."""

from collections.abc import Callable

import pytest

from accounts.models import User
from innovation_voucher.tests import cast
from redemption.models import BankReceipt, InvoiceAllocation, Redemption
from redemption.tests import factories
from redemption.tests.pages import client_for, every_page, post, text_of

pytestmark = pytest.mark.django_db

OUTSIDERS: dict[str, Callable[[], User]] = {
    "rival": lambda: cast.owner_of(cast.rival()),
    "another carrier": lambda: cast.owner_of(cast.carrier_organization()),
    "officer elsewhere": lambda: factories.officer(region_code=cast.OTHER_COUNTY),
    "another province": lambda: factories.settler(region_code="320000"),
    "person without organization": cast.make_user,
}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_no_address_tells_an_outsider_anything_nor_obeys(who: str) -> None:
    redemption = factories.returned()
    client = client_for(OUTSIDERS[who]())
    before = Redemption.objects.values().get()
    for url in every_page(redemption):
        for response in (client.get(url), post(client, url)):
            # A redirect leads to the outsider's own pages only.
            assert response.status_code in (302, 403, 404, 405), url
            assert redemption.payee.name not in text_of(response), url
    assert Redemption.objects.values().get() == before
    assert (InvoiceAllocation.objects.count(), BankReceipt.objects.count()) == (1, 1)
