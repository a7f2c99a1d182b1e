"""Grants and reviews that meet: one number is credited once, two kinds never go over their one cap."""

from decimal import Decimal

import pytest

from innovation_voucher.casework import invariants
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.racing import race
from vouchers.models import Claim, Programme, QuotaAccount

from . import reviewed
from .external import bring, make_elsewhere

pytestmark = [pytest.mark.feature("X-4"), pytest.mark.django_db(transaction=True)]


@pytest.mark.feature("YRD-2")
def test_one_number_sent_by_many_is_credited_once() -> None:
    scheme, enterprise = make_elsewhere(), cast.enterprise()
    answers: list[bool] = []
    said = race(*[lambda: answers.append(bring(scheme, enterprise)[1])] * 4)
    assert said == ["done"] * 4
    assert sorted(answers) == [False, False, False, True]
    assert QuotaAccount.objects.get().granted == 20_000
    assert AuditRow.objects.filter(verb="claim.imported").count() == 1
    assert invariants.broken() == {}


@pytest.mark.feature("YRD-2")
def test_one_number_for_two_organizations_is_credited_to_one() -> None:
    scheme, firms = make_elsewhere(), [cast.enterprise(), cast.rival()]
    said = race(*(lambda firm=firm: bring(scheme, firm) for firm in firms))
    assert sorted(word == "done" for word in said) == [False, True]
    assert Claim.objects.count() == QuotaAccount.objects.count() == 1


@pytest.mark.feature("YRD-4")
def test_two_kinds_approved_at_once_stay_within_their_one_cap() -> None:
    """Both were asked for while nothing was granted; the second to be decided meets what the first took."""
    enterprise = cast.enterprise()
    kinds = [reviewed.make_reviewed(cap_year=Decimal(500_000))]
    Programme.objects.update(kind="first")
    kinds.append(reviewed.make_reviewed(cap_year=Decimal(500_000)))
    Programme.objects.update(shared_cap=True)
    claims = [reviewed.ask(enterprise, Programme.objects.get(pk=kind.pk), 300_000) for kind in kinds]
    officers = [reviewed.officer(), reviewed.officer()]
    acts = [
        lambda claim=claim, by=by: reviewed.decide(claim, by, "approve")
        for claim, by in zip(claims, officers, strict=True)
    ]
    said = race(*acts)
    refused = next(words for words in said if words != "done")
    assert "年度上限 500,000，已申领 300,000" in refused
    assert sum(account.granted for account in QuotaAccount.objects.all()) == 300_000
    assert sorted(Claim.objects.values_list("status", flat=True)) == ["approved", "submitted"]
    assert invariants.broken() == {}
