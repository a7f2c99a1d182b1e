"""The preset of vouchers asked for order by order: what its file says, against the table of policies."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from vouchers.models import Programme
from vouchers.policy import Policy, redeemers, subsidy
from vouchers.resolve import policy_of, programme_for, snapshot
from vouchers.services.accounts import last_redeem_day, last_valid_day
from vouchers.services.loading import load_programme

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("TJ-1", "TJ-2", "TJ-6")]

MEGABYTE = 1024 * 1024


@pytest.fixture
def scheme() -> Programme:
    load_programme(factories.preset("tj"))
    return Programme.objects.get(family="tj")


@pytest.fixture
def policy(scheme: Programme) -> Policy:
    return policy_of(snapshot(scheme, cast.make_region("120104"), day=date(scheme.year, 11, 20)))


def test_the_file_loads_twice_with_one_result() -> None:
    assert "opened" in load_programme(factories.preset("tj"))
    assert load_programme(factories.preset("tj")) == []


def test_districts_take_part_and_no_other_province(scheme: Programme) -> None:
    day = date(scheme.year, 11, 20)
    assert programme_for(cast.make_region("120104"), day=day) == [scheme]
    assert programme_for(cast.make_region("130102"), day=day) == []


def test_its_rules_are_those_of_the_table(policy: Policy) -> None:
    said: dict[str, Any] = {
        "eligible_classes": ("certified_list",), "revenue_max": None, "claim_mode": "per_order",
        "stamped_form": False, "cap_year": Decimal(100_000), "cap_claim": None, "cap_holding": None,
        "grant": "computed", "rounding_step": Decimal("0.01"), "rounding_mode": "half_up",
        "amount_base": "effective_or_invoices", "min_contract": Decimal(4_000), "hold_at": "application",
        "order_required": "order", "offline_use": "no", "use_chain": "tj-use", "cancel_until": "review_passed",
        "provider_scope": "labels_or_mutual", "contracts_per_order": None, "consent": "none",
        "redemption_chain": "tj-redemption", "publicity_days": 5, "payment_check": "one_receipt",
        "invoice_fields": ("name", "code", "number", "amount", "image"), "invoices_per_order": None,
        "orders_per_invoice": 1, "tiers_apply": "marginal", "cap_voucher": None, "confirmation": "none",
        "redeem_from": "accepted", "redemption_opened_by": "redeemer", "grouping": "single",
        "related_party": "refuse", "double_funding": "flag", "claim_channel": "portal", "paper_copy": True,
        "invoice_dates": "contract_term", "sample_rate": Decimal(0), "ban_years": 3, "retention_years": 30,
        "receive_mfa_over": Decimal(50_000), "order_number": "IV{yyyymm}{seq}", "auto_review_days": None,
    }  # fmt: skip
    assert {name: getattr(policy, name) for name in said} == said
    assert redeemers(policy) == ("enterprise",)


def test_quota_is_valid_for_the_year_and_redeemed_until_the_end_of_march(scheme: Programme, policy: Policy) -> None:
    until = last_valid_day(scheme, policy, date(scheme.year, 3, 1))
    assert until == date(scheme.year, 12, 31)
    assert last_redeem_day(policy, until) == date(scheme.year + 1, 3, 31)


@pytest.mark.parametrize(
    ("contract", "amount", "decided_by"),
    [
        ("3999.99", "0", "min_contract"),
        ("4000", "2000", "tiers"),
        ("9099", "4549.50", "tiers"),
        ("200000", "100000", "tiers"),
        ("300000", "100000", "cap_year"),
        ("4000.01", "2000.01", "tiers"),
    ],
)
def test_scenario_15_half_of_the_contract_from_4000_up_to_the_cap(
    policy: Policy, contract: str, amount: str, decided_by: str
) -> None:
    worth = subsidy(policy, Decimal(contract))
    assert (worth.amount, worth.decided_by) == (Decimal(amount), decided_by)


def test_scenario_15_the_rest_of_the_cap_may_be_below_the_minimum(policy: Policy) -> None:
    worth = subsidy(policy, Decimal(9_099), remaining=Decimal(100_000) - Decimal(97_972))
    assert (worth.amount, worth.decided_by) == (Decimal(2_028), "remaining")


def test_its_chains_name_office_right_and_place(scheme: Programme) -> None:
    steps = {
        chain.key: [(s.name, s.office_kind, s.scope, s.right, s.working_days, s.panel) for s in chain.steps.all()]
        for chain in Chain.objects.filter(key__startswith="tj-")
    }
    assert steps == {
        "tj-use": [
            ("区初审", "bureau", "own", "review_use", 5, False),
            ("专业机构复审", "agency", "programme", "review_use", 5, False),
        ],
        "tj-redemption": [
            ("区初审", "bureau", "own", "review_redemption", 5, False),
            ("形式审查", "agency", "programme", "review_redemption", 5, False),
            ("专家评审", "agency", "programme", "review_redemption", 10, True),
        ],
    }


def test_files_are_smaller_than_their_limit_and_of_the_named_formats(policy: Policy) -> None:
    pictures = ("jpg", "png", "pdf")
    rows = {(e.stage, e.key): (e.minimum, e.maximum, e.formats, e.max_bytes) for e in policy.evidence}
    assert rows == {
        ("use", "quote"): (1, None, ("jpg", "pdf"), 2 * MEGABYTE),
        ("use", "licence"): (1, 1, pictures, MEGABYTE),
        ("redemption", "invoice"): (1, None, pictures, MEGABYTE),
        ("redemption", "signed_contract"): (1, None, ("doc", "docx", "pdf"), 5 * MEGABYTE),
        ("redemption", "bank_receipt"): (1, None, pictures, MEGABYTE),
        ("redemption", "result"): (1, None, pictures, MEGABYTE),
        ("redemption", "summary"): (0, 1, pictures, MEGABYTE),
    }
    assert all(e.strict for e in policy.evidence)


def test_texts_have_at_most_1000_characters(policy: Policy) -> None:
    texts = {(f.stage, f.key): f.max_length for f in policy.fields if f.type == "long_text"}
    assert texts == {("use", "description"): 1000, ("redemption", "effect"): 1000}


def test_what_no_document_says_is_marked(scheme: Programme) -> None:
    assumed = set(scheme.versions.get().assumed)
    documented = {"cap_year", "subsidy_tiers", "min_contract", "eligible_classes", "rounding_mode", "payment_check"}
    assert not assumed & documented
    assert {"publicity_days", "redeem_grace", "related_party", "terms.correction"} <= assumed
