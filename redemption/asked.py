"""What a scheme asks for at the redemption beside papers: its own fields, and what the contract came to."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from vouchers.models.parameters import AmountBase, Grouping, PaymentCheck
from vouchers.policy import EvidenceSpec, FieldSpec, Gap, Policy

#: Stage of the rows that belong here.
STAGE = "redemption"
#: Reserved key of the field that says what the contract came to.
CONTRACT = "contract_amount"
#: Reserved keys of the evidence rows that limit the pictures of invoices and of bank receipts.
INVOICE_PICTURE, RECEIPT_PICTURE = "invoice", "bank_receipt"
#: Reserved key of the evidence row that limits the scans of contracts that are listed one by one.
CONTRACT_SCAN = "signed_contract"
#: Where pages show the fields.
FACTS = "facts"


def rows(policy: Policy) -> tuple[FieldSpec, ...]:
    """The scheme's own fields of a redemption."""
    return tuple(row for row in policy.fields_of(STAGE) if row.key != CONTRACT)


def contract_row(policy: Policy) -> FieldSpec | None:
    """The field for the amount of the contract; None where the voucher's stands."""
    return next((row for row in policy.fields_of(STAGE) if row.key == CONTRACT), None)


def gathers(policy: Policy) -> bool:
    """Whether several orders go into one redemption of the payee."""
    return policy.grouping == Grouping.PER_WINDOW


def itemizes(policy: Policy) -> bool:
    """Whether each contract is listed with the amount of it that is asked for."""
    return policy.amount_base == AmountBase.EFFECTIVE_OR_INVOICES


def writes(policy: Policy) -> bool:
    """Whether anything is written for a redemption before it is handed in."""
    return bool(policy.fields_of(STAGE)) or gathers(policy)


def picture_rows(policy: Policy) -> dict[str, EvidenceSpec]:
    """Evidence rows whose files come one by one with what is typed of them, by key."""
    checks = policy.payment_check not in (None, PaymentCheck.NONE)
    typed = {
        INVOICE_PICTURE: "image" in (policy.invoice_fields or ()),
        RECEIPT_PICTURE: checks,
        CONTRACT_SCAN: itemizes(policy),
    }
    return {row.key: row for row in policy.evidence_of(STAGE) if typed.get(row.key)}


def file_rows(policy: Policy) -> tuple[EvidenceSpec, ...]:
    """Evidence rows whose files are simply uploaded."""
    typed = picture_rows(policy)
    return tuple(row for row in policy.evidence_of(STAGE) if row.key not in typed)


def answer_gaps(policy: Policy, answers: Mapping[str, Any]) -> Iterator[Gap]:
    """Fields that are not answered, or with more than they hold."""
    for row in rows(policy):
        answer = answers.get(row.key)
        # A number may well be 0.
        words = _gap_words(row, "" if answer is None else str(answer))
        if words:
            yield Gap(key=FACTS, label=row.label, missing=1, words=words)


def _gap_words(row: FieldSpec, text: str) -> str:
    if row.required and not text.strip():
        return _("请填写%(label)s") % {"label": row.label}
    # What is encrypted is longer than what was typed; its form has counted that.
    if row.max_length and len(text) > row.max_length and not row.is_secret:
        values = {"label": row.label, "most": row.max_length, "n": len(text)}
        return _("%(label)s最多 %(most)s 字，现有 %(n)s 字") % values
    return ""


def contract_gaps(policy: Policy, entered: Decimal | None) -> Iterator[Gap]:
    """That the contract's amount is asked for and missing."""
    row = contract_row(policy)
    if row and row.required and entered is None:
        yield Gap(key=FACTS, label=row.label, missing=1, words=_("请填写%(label)s") % {"label": row.label})
