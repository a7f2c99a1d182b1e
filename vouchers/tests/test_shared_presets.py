"""The two kinds of the scheme that regions of several provinces share: what their files say, and who takes part."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Chain
from innovation_voucher.tests import cast
from vouchers.models import Programme
from vouchers.policy import Policy, redeemers, subsidy
from vouchers.resolve import policy_of, programme_for, snapshot
from vouchers.services.loading import load_programme
from vouchers.services.pools import set_pool

from . import factories

pytestmark = [pytest.mark.django_db, pytest.mark.feature("YRD-4")]

BOTH, CARRIER_REDEEMS, QUICK, CITY, EXTERNAL = "320509", "330421", "320507", "340500", "310118"


@pytest.fixture(scope="module")
def built(kept: Path) -> dict[str, Programme]:
    for code in (BOTH, CARRIER_REDEEMS, QUICK, CITY, EXTERNAL):
        cast.make_region(code)
    for name in ("csj-td", "csj-ty"):
        load_programme(factories.preset(name))
    return {programme.kind: programme for programme in Programme.objects.filter(family="csj")}


@pytest.fixture(autouse=True)
def kinds(built: dict[str, Programme]) -> dict[str, Programme]:
    return deepcopy(built)


def rules(kinds: dict[str, Programme], kind: str, region: str = BOTH) -> Policy:
    return policy_of(snapshot(kinds[kind], cast.make_region(region), class_key="listed_sme"))


def issued_in(region: str) -> set[str]:
    return {programme.kind for programme in programme_for(cast.make_region(region))}


@pytest.mark.parametrize("name", ["csj-td", "csj-ty"])
def test_each_file_loads_twice_with_one_result(name: str) -> None:
    assert load_programme(factories.preset(name)) == []


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        (BOTH, {"tongdui", "tongyong"}),
        (CARRIER_REDEEMS, {"tongdui"}),
        (QUICK, {"tongyong"}),
        (CITY, {"tongyong"}),
        ("340521", {"tongyong"}),
        (EXTERNAL, {"tongyong"}),
        ("310115", set()),
        ("320506", set()),
        ("330108", set()),
    ],
)
def test_each_region_issues_the_kinds_of_its_mode(region: str, expected: set[str]) -> None:
    assert issued_in(region) == expected


COMMON: dict[str, Any] = {
    "eligible_classes": ("listed_sme",), "revenue_max": Decimal(200_000_000), "claim_mode": "reviewed",
    "claim_chain": "csj-claim", "cap_year": Decimal(500_000), "grant": "approved", "tiers_apply": "marginal",
    "subsidy_tiers": ((Decimal(0), Decimal("0.5")),), "rounding_step": Decimal("0.01"), "rounding_mode": "down",
    "amount_base": "orders_or_invoices", "cancel_until": "carrier_accepts", "provider_scope": "labels",
    "contracts_per_order": 1, "redemption_chain": "csj-redemption", "publicity_days": 5, "invoices_per_order": 1,
    "orders_per_invoice": None, "invoice_fields": ("code", "number", "date", "amount", "image"),
    "invoice_dates": "year", "order_number": "CSJ-{yyyymmddHHMM}-{seq6}", "related_party": "refuse",
    "double_funding": "flag", "redeem_grace": "03-31", "stamped_form": False, "min_contract": Decimal(0),
    "sample_rate": Decimal(0), "receive_mfa_over": Decimal(50_000), "ban_years": 3, "retention_years": 30,
    "redemption_opened_by": "redeemer", "cost_share": (("county", "1"),), "order_required": "order",
}  # fmt: skip

OWN: dict[str, dict[str, Any]] = {
    "tongdui": {
        "redeemer": "carrier", "hold_at": "region_confirms", "use_chain": "csj-use", "payment_check": "net",
        "confirmation": "order_and_amount", "consent": "enterprise_agrees", "redeem_from": "delivered",
    },
    "tongyong": {
        "redeemer": "enterprise", "hold_at": "redemption", "use_chain": None, "confirmation": "none",
        "consent": "none", "redeem_from": "placed", "grouping": "per_window", "payment_check": "full",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", ["tongdui", "tongyong"])
def test_the_rules_are_those_of_the_table(kinds: dict[str, Programme], kind: str) -> None:
    policy, said = rules(kinds, kind), {**COMMON, **OWN[kind]}
    assert {name: getattr(policy, name) for name in said} == said
    assert redeemers(policy) == (OWN[kind]["redeemer"],)


def test_a_voucher_pays_half_down_to_the_fen(kinds: dict[str, Programme]) -> None:
    assert subsidy(rules(kinds, "tongyong"), Decimal("3000.01")).amount == Decimal("1500.00")
    assert subsidy(rules(kinds, "tongdui"), Decimal(6_000)).amount == 3_000


def test_one_region_claims_on_another_platform(kinds: dict[str, Programme]) -> None:
    there = rules(kinds, "tongyong", EXTERNAL)
    assert (there.claim_mode, there.claim_channel) == ("external", "external")
    assert there.claim_link
    assert rules(kinds, "tongyong", CITY).claim_channel == "portal"


@pytest.mark.parametrize(
    ("region", "expected"), [(QUICK, "order_or_quick"), (CITY, "order_or_quick"), (BOTH, "order"), (EXTERNAL, "order")]
)
def test_two_regions_redeem_without_an_order(kinds: dict[str, Programme], region: str, expected: str) -> None:
    assert rules(kinds, "tongyong", region).order_required == expected


def test_every_region_has_its_window(kinds: dict[str, Programme]) -> None:
    for region in (BOTH, QUICK, CITY, EXTERNAL):
        policy = rules(kinds, "tongyong", region)
        assert None not in (policy.window_from, policy.window_to), region


def test_the_forms_ask_what_the_documents_ask(kinds: dict[str, Programme]) -> None:
    carrier_redeems, enterprise_redeems = rules(kinds, "tongdui"), rules(kinds, "tongyong")
    asked = [row.key for row in carrier_redeems.fields_of("order")]
    assert asked == ["project", "contact", "contact_phone", "situation", "need", "outcome"]
    assert not enterprise_redeems.fields_of("order")
    texts = {row.key: (row.max_length, row.required) for row in enterprise_redeems.fields_of("redemption")}
    assert texts == {"effect": (200, True), "innovation": (200, True), "remark": (200, False)}


def test_evidence_has_the_formats_and_sizes_of_the_documents(kinds: dict[str, Programme]) -> None:
    policy = rules(kinds, "tongyong")
    attachment, invoice = (policy.evidence_row("redemption", key) for key in ("attachment", "invoice"))
    assert set(attachment.formats) == {"pdf", "doc", "docx", "jpg", "png", "zip", "rar"}
    assert (attachment.minimum, attachment.maximum, attachment.max_bytes) == (1, None, 5 * 1024 * 1024)
    assert (invoice.formats, invoice.max_bytes, invoice.strict) == (("jpg", "png"), 500 * 1024, False)


def test_consent_is_due_in_five_working_days(kinds: dict[str, Programme]) -> None:
    term = rules(kinds, "tongdui").term("consent")
    assert term is not None
    assert (term.days, term.unit, term.on_expiry) == (5, "wd", "escalate")
    assert rules(kinds, "tongyong").term("consent") is None


@pytest.mark.feature("YRD-15")
def test_experts_look_before_the_region_decides() -> None:
    steps = Chain.objects.get(key="csj-redemption").steps.order_by("position")
    assert [(s.office_kind, s.scope, s.panel) for s in steps] == [("centre", "own", True), ("bureau", "own", False)]
    use = Chain.objects.get(key="csj-use").steps.get()
    assert (use.right, use.may_lower) == ("review_use", True)


def test_both_kinds_count_against_one_cap(kinds: dict[str, Programme]) -> None:
    assert kinds["tongdui"].counts_with(kinds["tongyong"])


def test_what_no_document_says_is_marked(kinds: dict[str, Programme]) -> None:
    for programme in kinds.values():
        marked = set(programme.versions.get().assumed)
        assert {"revenue_max", "redeem_grace", "publicity_days", "payment_check", "fields.purpose"} <= marked
        assert "subsidy_tiers" not in marked


def test_a_participating_region_has_a_budget_and_its_neighbour_none(kinds: dict[str, Programme]) -> None:
    assert set_pool(kinds["tongyong"], cast.make_region(BOTH), Decimal(100), by=None).total == 100
    with pytest.raises(Refused, match="主管地区和参与地区"):
        set_pool(kinds["tongyong"], cast.make_region("330108"), Decimal(100), by=None)
