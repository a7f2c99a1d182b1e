"""What a scheme says, as frozen data, and pure functions on it. Nothing here asks a database.

Amounts are Decimal yuan. The meaning of every parameter stands in docs/policy.md.
"""

from .amounts import Subsidy, plain, rate_words, subsidy
from .claims import Claimable, ClaimProblem, Limit, claim_problem, claimable, class_problem, revenue_problem
from .data import EvidenceSpec, FieldSpec, Policy, TermSpec
from .use import Gap, Party, asked_problem, asks_amount, evidence_gaps, is_excluded, redeemers, related

__all__ = [
    "ClaimProblem",
    "Claimable",
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
    "class_problem",
    "evidence_gaps",
    "is_excluded",
    "plain",
    "rate_words",
    "redeemers",
    "related",
    "revenue_problem",
    "subsidy",
]
