"""The second preset: what its file says, and the story that it tells on the same frame without new code."""

from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Organization
from innovation_voucher.casework.models import Chain, ReviewCase
from innovation_voucher.tests import cast
from vouchers.models import Programme, QuotaAccount
from vouchers.policy import Policy, redeemers, subsidy
from vouchers.resolve import policy_of, programme_for, snapshot
from vouchers.services.loading import load_programme

from . import factories
from .reviewed import ask, decide, officer

pytestmark = [pytest.mark.django_db, pytest.mark.feature("ZO-3")]

#: Values of the table of policies that are assumed, not from a document.
ASSUMED = {
    "rounding_step", "rounding_mode", "redeem_grace", "excluded_categories", "cancel_until", "related_party",
    "double_funding", "receive_mfa_over", "ban_years", "retention_years", "order_number",
}  # fmt: skip


@pytest.fixture
def scheme() -> Programme:
    load_programme(factories.preset("zo"))
    return Programme.objects.get(family="zo")


def rules(scheme: Programme, **place: Any) -> Policy:
    return policy_of(snapshot(scheme, cast.make_region(), class_key="any", **place))


def test_the_file_loads_twice_with_one_result() -> None:
    first = load_programme(factories.preset("zo"))
    assert "opened" in first
    assert load_programme(factories.preset("zo")) == []
    assert Programme.objects.filter(family="zo").count() == 1


def test_both_schemes_stand_side_by_side(scheme: Programme, enterprise: Organization) -> None:
    load_programme(factories.preset("zj"))
    assert {programme.family for programme in programme_for(enterprise)} == {"zo", "zj"}


def test_its_rules_are_those_of_the_table(scheme: Programme) -> None:
    policy = rules(scheme)
    said = {
        "claim_mode": "reviewed", "grant": "approved", "use_chain": "zo-use", "amount_base": "reviewer",
        "redeemer": "carrier", "redemption_opened_by": "agency", "grouping": "per_carrier",
        "confirmation": "carrier_receives", "consent": "carrier_received", "redeem_from": "completed",
        "service_record": True, "hold_at": "use_requested", "cancel_until": "use_approved", "budget_pool": "county",
        "offline_use": "registered", "provider_scope": "recognized", "redeem_grace": "03-31", "payment_check": "none",
        "publicity_days": 0, "related_party": "refuse", "double_funding": "flag", "stamped_form": False,
        "cap_year": None, "cap_claim": None, "cap_holding": None, "subsidy_tiers": None, "invoice_fields": (),
        "sample_rate": Decimal(0), "receive_mfa_over": Decimal(50_000), "ban_years": 3, "retention_years": 30,
    }  # fmt: skip
    assert {name: getattr(policy, name) for name in said} == said
    assert redeemers(policy) == ("carrier",)


def test_the_reviewer_sets_the_amount_up_to_the_contract(scheme: Programme) -> None:
    worth = subsidy(rules(scheme), Decimal(12_000), remaining=Decimal(30_000))
    assert (worth.amount, worth.decided_by) == (12_000, "reviewer")


def test_what_no_document_says_is_marked(scheme: Programme) -> None:
    version = scheme.versions.get()
    assert {name for name in version.assumed if "." not in name} == ASSUMED
    assert "evidence.contract" in version.assumed


def test_its_chains_name_office_right_and_place(scheme: Programme) -> None:
    steps = {
        chain.key: [(s.office_kind, s.scope, s.right, s.may_lower) for s in chain.steps.order_by("position")]
        for chain in Chain.objects.filter(key__startswith="zo-")
    }
    assert steps == {
        "zo-claim": [("bureau", "own", "review_claim", True)],
        "zo-use": [("bureau", "own", "review_use", True)],
        "zo-redemption": [
            ("third_party", "programme", "open_redemptions", True),
            ("bureau", "own", "review_redemption", True),
        ],
    }


@pytest.mark.feature("ZO-4")
def test_scenario_12_asks_50000_and_is_granted_30000(scheme: Programme, enterprise: Organization) -> None:
    """Scenario 12: asks 50,000, granted 30,000."""
    claim = ask(enterprise, scheme)
    case = ReviewCase.objects.get()
    assert (case.chain.key, case.home.code, case.region) == ("zo-claim", "330000", enterprise.bureau)
    decide(claim, officer(), "approve", amount=Decimal(30_000), reason="按预计费用核定")
    account = QuotaAccount.objects.get()
    assert (account.available, account.valid_until.isoformat()) == (30_000, f"{scheme.year}-12-31")
    assert account.redeem_until.isoformat() == f"{scheme.year + 1}-03-31"


def test_an_entrepreneur_is_in_it_too(scheme: Programme) -> None:
    person = cast.entrepreneur()
    assert ask(person, scheme, 5_000).status == "submitted"
