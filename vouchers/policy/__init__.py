"""What a scheme says, as frozen data, and pure functions on it. Nothing here asks a database.

Amounts are Decimal yuan. The meaning of every parameter stands in docs/policy.md.
"""

from .amounts import Subsidy, plain, rate_words, subsidy
from .claims import Claimable, ClaimProblem, Limit, claim_problem, claimable, revenue_problem
from .classes import class_label, class_problem, class_row, declared, month_problem, options
from .data import Policy
from .rows import ClassSpec, EvidenceSpec, FieldSpec, TermSpec
from .use import Gap, Party, asked_problem, asks_amount, evidence_gaps, is_excluded, redeemers, related

__all__ = [
    "ClaimProblem",
    "Claimable",
    "ClassSpec",
    "EvidenceSpec",
    "FieldSpec",
    "Gap",
    "Limit",
    "Party",
    "Policy",
    "Subsidy",
    "TermSpec",
    "asked_problem",
    "asks_amount",
    "claim_problem",
    "claimable",
    "class_label",
    "class_problem",
    "class_row",
    "declared",
    "evidence_gaps",
    "is_excluded",
    "month_problem",
    "options",
    "plain",
    "rate_words",
    "redeemers",
    "related",
    "revenue_problem",
    "subsidy",
]
