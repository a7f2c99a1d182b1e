"""What the use of a voucher asks: evidence, parties that are not related, a service that is paid for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from .amounts import Subsidy, plain
from .data import Policy
from .rows import EvidenceSpec


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Something that is missing (`missing` pieces; 0 = too many are there) and what to do about it."""

    key: str
    label: str
    missing: int
    words: str


def evidence_gaps(policy: Policy, stage: str, counts: Mapping[str, int], class_key: str = "") -> list[Gap]:
    """Where the number of files by key does not fit the rows of the stage; empty = complete."""
    found = (_gap(row, counts.get(row.key, 0)) for row in policy.evidence_of(stage, class_key))
    return [gap for gap in found if gap]


def _gap(row: EvidenceSpec, given: int) -> Gap | None:
    missing = max(0, row.minimum - given)
    if missing:
        words = _("上传%(label)s，还差 %(n)d 份") % {"label": row.label, "n": missing}
        return Gap(key=row.key, label=row.label, missing=missing, words=words)
    if row.maximum is not None and given > row.maximum:
        words = _("%(label)s最多 %(most)d 份，现有 %(n)d 份，删除多余的") % {
            "label": row.label,
            "most": row.maximum,
            "n": given,
        }
        return Gap(key=row.key, label=row.label, missing=0, words=words)
    return None


@dataclass(frozen=True, kw_only=True)
class Party:
    """What is compared of two organizations; empty values are never equal."""

    credit_code: str | None = None
    legal_person: str = ""
    address: str = ""
    phones: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()


def related(one: Party, other: Party) -> list[str]:
    """In what two organizations are the same, as words; empty = nothing was found."""
    same = (
        (_("统一社会信用代码"), bool(one.credit_code) and one.credit_code == other.credit_code),
        (_("法定代表人"), bool(one.legal_person) and one.legal_person == other.legal_person),
        (_("地址"), bool(one.address) and one.address == other.address),
        (_("经办人手机号"), bool(one.phones & other.phones)),
        (_("收款账户"), bool(one.accounts & other.accounts)),
    )
    return [str(label) for label, is_same in same if is_same]


def is_excluded(policy: Policy, codes: Iterable[str]) -> bool:
    """Whether a service is not paid for; `codes` are its category's and those above it."""
    return bool(set(policy.excluded_categories or ()) & set(codes))


def redeemers(policy: Policy) -> tuple[str, ...]:
    """Who may be chosen as the one that redeems: both, or the one that the policy fixes."""
    if policy.redeemer == "choice" or policy.redeemer is None:
        return ("enterprise", "carrier")
    return (policy.redeemer,)


def asks_amount(policy: Policy) -> bool:
    """Whether the enterprise asks for an amount that the reviewer then sets."""
    return policy.amount_base == "reviewer"


def asked_problem(asked: Decimal | None, contract_amount: Decimal, most: Subsidy) -> str:
    """Why `asked` yuan cannot be asked for a contract that is worth `most` at best; empty when it can."""
    if asked is None or asked <= 0:
        return _("填写申请使用金额，须大于 0 元")
    if asked <= most.amount:
        return ""
    if asked > contract_amount:
        return _("申请使用金额不能超过合同金额 %(most)s 元") % {"most": plain(min(contract_amount, most.amount))}
    return _("申请使用金额最多 %(most)s 元（%(why)s）") % {
        "most": plain(most.amount),
        "why": most.limit_words or most.words,
    }
