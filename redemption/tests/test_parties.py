"""Who belongs to a redemption: its opener, and the active people of every organization behind it."""

from typing import Any

import pytest

from accounts.models import Membership
from innovation_voucher.tests import cast
from redemption.models import Redemption
from redemption.subjects import parties
from redemption.tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("X-1")]


def test_people_of_both_sides_in_two_questions(django_assert_num_queries: Any) -> None:
    redemption = Redemption.objects.select_related("payee", "created_by").get(pk=factories.submitted().pk)
    seller = redemption.lines.get().voucher.carrier.organization
    with django_assert_num_queries(2):
        found = parties(redemption)
    assert found[0] == redemption.created_by
    assert set(found) == {cast.owner_of(redemption.payee), cast.owner_of(seller)}


def test_who_only_looks_on_belongs_to_it_and_who_has_left_does_not() -> None:
    redemption = factories.submitted()
    onlooker = cast.make_member(redemption.payee, role="viewer")
    left = cast.make_member(redemption.payee, role="handler")
    Membership.objects.filter(user=left).update(active=False)
    found = parties(redemption)
    assert onlooker in found
    assert left not in found
