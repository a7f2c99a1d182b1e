"""The third preset: an order scheme with four qualifications, caps by region and a stamped form."""

from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from innovation_voucher.casework.models import Chain, Region
from innovation_voucher.tests import cast
from vouchers.models import Programme
from vouchers.policy import Policy, subsidy
from vouchers.presets import check
from vouchers.resolve import policy_of, snapshot
from vouchers.services.loading import load_programme

from . import factories

pytestmark = pytest.mark.django_db

SOUTH, NORTH = "320412", "320312"
NORTHERN_CITIES = ("320300", "320700", "320800", "320900", "321300")
CLASSES = ("listed_sme", "high_tech", "incubated", "talent")
MEGA = 1024 * 1024


@pytest.fixture(scope="module")
def built(kept: Path) -> Programme:
    for code in (SOUTH, NORTH, *NORTHERN_CITIES):
        cast.make_region(code)
    load_programme(factories.preset("js"))
    return Programme.objects.get(family="js")


@pytest.fixture
def scheme(built: Programme) -> Programme:
    return deepcopy(built)


def rules(scheme: Programme, region: str = SOUTH, class_key: str = "high_tech") -> Policy:
    return policy_of(snapshot(scheme, Region.objects.get(code=region), class_key=class_key))


def test_the_file_loads_twice_with_one_result(scheme: Programme) -> None:
    assert load_programme(factories.preset("js")) == []
    assert scheme.status == Programme.State.OPEN


def test_its_rules_are_those_of_the_table(scheme: Programme) -> None:
    policy = rules(scheme)
    said = {
        "eligible_classes": CLASSES, "revenue_max": Decimal(400_000_000), "claim_mode": "reviewed",
        "stamped_form": True, "cap_year": Decimal(100_000), "cap_claim": None, "grant": "full_cap",
        "rounding_step": Decimal(1), "rounding_mode": "down", "amount_base": "contract_or_invoices",
        "hold_at": "order_placed", "order_required": "order", "offline_use": "no", "use_chain": None,
        "cancel_until": "redemption_submitted", "provider_scope": "registered", "contracts_per_order": 1,
        "redeemer": "enterprise", "consent": "none", "publicity_days": 5, "pay_within_days": 60,
        "payment_check": "full", "invoice_fields": ("number", "amount", "image"), "orders_per_invoice": 1,
        "invoices_per_order": None, "redeem_grace": "03-31", "budget_pool": "province", "paper_copy": False,
        "confirmation": "order_accepted", "redeem_from": "accepted", "grouping": "single",
        "order_number": "CXQ{yyyymmdd}{seq4}", "valid_days": None, "related_party": "refuse",
    }  # fmt: skip
    assert {name: getattr(policy, name) for name in said} == said


@pytest.mark.feature("JS-7")
@pytest.mark.parametrize("city", NORTHERN_CITIES)
def test_five_cities_have_more_and_a_higher_share(scheme: Programme, city: str) -> None:
    policy = rules(scheme, city)
    assert policy.cap_year == Decimal(140_000)
    assert subsidy(policy, Decimal(100)).amount == Decimal(35)


@pytest.mark.feature("JS-7")
@pytest.mark.parametrize(
    ("region", "contract", "left", "worth"),
    [
        (SOUTH, 100, None, 25),
        (NORTH, 100, None, 35),
        (SOUTH, 15_000, None, 3_750),
        (SOUTH, 8_112, None, 2_028),
        (SOUTH, 400_000, None, 100_000),
        (SOUTH, 400_004, None, 100_000),
        (SOUTH, 400_000, 97_972, 97_972),
        (SOUTH, 103, None, 25),
    ],
)
def test_a_contract_is_worth_its_share_in_whole_yuan(
    scheme: Programme, region: str, contract: int, left: int | None, worth: int
) -> None:
    """Scenarios 2, 3 and 4 by the preset: 25 and 35 of 100, 3,750, 2,028, the cap, and 97,972 that are left."""
    remaining = None if left is None else Decimal(left)
    assert subsidy(rules(scheme, region), Decimal(contract), remaining=remaining).amount == Decimal(worth)


@pytest.mark.feature("JS-6")
def test_one_class_is_decided_at_once_and_the_others_by_the_bureau(scheme: Programme) -> None:
    modes = {key: rules(scheme, class_key=key).claim_mode for key in CLASSES}
    assert modes == {"listed_sme": "instant", "high_tech": "reviewed", "incubated": "reviewed", "talent": "reviewed"}


@pytest.mark.feature("JS-5")
def test_every_class_has_its_own_form_in_three_sections(scheme: Programme) -> None:
    policy = rules(scheme)
    own = {key: {row.key for row in policy.fields_of("claim", key)} for key in CLASSES}
    shared = set.intersection(*own.values())
    assert {"unit_name", "revenue", "bank", "account_number", "legal_id", "contact_phone"} <= shared
    assert own["high_tech"] - shared == {"certificate_number", "certificate_month"}
    assert own["listed_sme"] - shared == {"list_number"}
    assert own["incubated"] - shared == {
        "incubator", "incubator_level", "incubator_operator", "operator_nature", "operator_code",
    }  # fmt: skip
    assert own["talent"] - shared == {"talent", "talent_plan", "talent_level", "talent_from", "talent_to"}
    sections = [row.section for row in policy.fields_of("claim", "talent")]
    assert list(dict.fromkeys(sections)) == ["基本信息", "资格信息", "企业账户信息"]


def test_id_and_account_numbers_are_secret(scheme: Programme) -> None:
    secret = {row.key for row in rules(scheme).fields_of("claim") if row.is_secret}
    assert secret == {"legal_id", "account_number"}


@pytest.mark.parametrize(
    ("key", "least", "most", "formats", "size"),
    [
        ("contract", 1, 1, ("pdf",), 50 * MEGA),
        ("report", 1, None, ("pdf",), 50 * MEGA),
        ("bank_receipt", 1, None, ("jpg", "jpeg", "png", "pdf"), 50 * MEGA),
        ("invoice", 1, None, ("jpg", "jpeg", "png", "pdf"), 5 * MEGA),
        ("rd_proof", 1, 1, ("pdf",), 50 * MEGA),
        ("other", 0, None, ("pdf",), 50 * MEGA),
    ],
)
def test_the_evidence_of_a_redemption(
    scheme: Programme, key: str, least: int, most: int | None, formats: tuple[str, ...], size: int
) -> None:
    row = rules(scheme).evidence_row("redemption", key)
    assert (row.minimum, row.maximum, row.formats, row.max_bytes, row.strict) == (least, most, formats, size, False)


def test_the_evidence_of_a_claim_follows_the_class(scheme: Programme) -> None:
    policy = rules(scheme)
    everyone = {"credit_certificate", "financial_statement", "stamped_form"}
    asked = {key: {row.key for row in policy.evidence_of("claim", key)} - everyone for key in CLASSES}
    assert asked == {
        "listed_sme": set(), "high_tech": set(), "incubated": {"incubator_proof"}, "talent": {"talent_proof"},
    }  # fmt: skip


def test_its_chains_name_bureau_and_centre(scheme: Programme) -> None:
    claim, redemption = (Chain.objects.get(key=key) for key in ("js-claim", "js-redemption"))
    assert [(s.office_kind, s.working_days) for s in claim.steps.all()] == [("bureau", 5)]
    assert [(s.office_kind, s.scope) for s in redemption.steps.all()] == [("bureau", "own"), ("centre", "programme")]
    assert rules(scheme).term("stamped_form") is not None


def test_what_a_county_may_not_change_the_programme_may_for_a_city_or_a_class(scheme: Programme) -> None:
    data: dict[str, Any] = factories.preset("js")
    assert check(data) is None
    data["overrides"][0]["region"] = NORTH
    with pytest.raises(Exception, match="cap_year: not overridable"):
        check(data)
