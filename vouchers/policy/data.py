"""The policy of one programme, region and class on one day: every parameter and every row."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from typing import Any, Self

from .rows import READERS, ClassSpec, EvidenceSpec, FieldSpec, Row, TermSpec, Tier, same

#: Key in plain data -> kind of its rows.
_KINDS: dict[str, type[Row]] = {"classes": ClassSpec, "fields": FieldSpec, "terms": TermSpec, "evidence": EvidenceSpec}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Every parameter that a scheme may set; None = the scheme has no such rule. Amounts in yuan."""

    eligible_classes: tuple[str, ...] | None = None
    revenue_max: Decimal | None = None
    claim_mode: str | None = None
    claim_chain: str | None = None
    claim_channel: str | None = None
    claim_link: str | None = None
    stamped_form: bool | None = None
    cap_year: Decimal | None = None
    cap_claim: Decimal | None = None
    cap_holding: Decimal | None = None
    cap_voucher: Decimal | None = None
    grant: str | None = None
    budget_pool: str | None = None
    cost_share: tuple[tuple[str, str], ...] | None = None
    account_number: str | None = None
    valid_days: int | None = None
    redeem_grace: str | None = None
    subsidy_tiers: tuple[Tier, ...] | None = None
    tiers_apply: str | None = None
    rounding_step: Decimal | None = None
    rounding_mode: str | None = None
    amount_base: str | None = None
    min_contract: Decimal | None = None
    excluded_categories: tuple[str, ...] | None = None
    order_required: str | None = None
    offline_use: str | None = None
    use_chain: str | None = None
    hold_at: str | None = None
    cancel_until: str | None = None
    provider_scope: str | None = None
    contracts_per_order: int | None = None
    confirmation: str | None = None
    receive_mfa_over: Decimal | None = None
    service_record: bool | None = None
    auto_review_days: int | None = None
    order_number: str | None = None
    related_party: str | None = None
    double_funding: str | None = None
    redeemer: str | None = None
    consent: str | None = None
    window_from: str | None = None
    window_to: str | None = None
    redeem_from: str | None = None
    redemption_opened_by: str | None = None
    grouping: str | None = None
    redemption_chain: str | None = None
    publicity_days: int | None = None
    pay_within_days: int | None = None
    payment_check: str | None = None
    invoice_fields: tuple[str, ...] | None = None
    invoices_per_order: int | None = None
    orders_per_invoice: int | None = None
    invoice_dates: str | None = None
    paper_copy: bool | None = None
    sample_rate: Decimal | None = None
    ban_years: int | None = None
    retention_years: int | None = None
    classes: tuple[ClassSpec, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    terms: tuple[TermSpec, ...] = ()
    evidence: tuple[EvidenceSpec, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The policy of a snapshot or of a preset; a key that is no parameter raises TypeError."""
        rows = {key: tuple(kind.read(row) for row in data.get(key, ())) for key, kind in _KINDS.items()}
        plain = {key: READERS.get(key, same)(value) for key, value in data.items() if key not in rows}
        return cls(**plain, **rows)  # type: ignore[arg-type]

    def to_json(self) -> dict[str, Any]:
        """Plain data with decimals as texts, without what is not set: the same rules, the same JSON."""
        said = {f.name: _plain(getattr(self, f.name)) for f in fields(self)}
        return {name: value for name, value in said.items() if value is not None}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON, 64 hex characters."""
        text = json.dumps(self.to_json(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def term(self, act: str) -> TermSpec | None:
        """The term of an act; None when the scheme sets none."""
        return next((term for term in self.terms if term.act == act), None)

    def evidence_of(self, stage: str, class_key: str = "") -> tuple[EvidenceSpec, ...]:
        """The evidence rows of a stage that concern the class."""
        return tuple(e for e in self.evidence if e.stage == stage and (not e.classes or class_key in e.classes))

    def evidence_row(self, stage: str, key: str) -> EvidenceSpec:
        """One evidence row; LookupError when the scheme has none of that key."""
        found = next((row for row in self.evidence if (row.stage, row.key) == (stage, key)), None)
        if found is None:
            raise LookupError(f"no evidence {key!r} at {stage!r}")
        return found

    def fields_of(self, stage: str, class_key: str = "") -> tuple[FieldSpec, ...]:
        """The form fields of a stage that concern the class."""
        return tuple(f for f in self.fields if f.stage == stage and (not f.classes or class_key in f.classes))


def _plain(value: Any) -> Any:
    if isinstance(value, Row):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Decimal):
        # One text for one number: 100000, 100000.00 and 1E+5 are the same rule.
        return format(value.normalize(), "f")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
