"""Programmes and their policy, quota accounts and their ledger, claims, vouchers."""

from .accounts import BudgetPool, LedgerEntry, QuotaAccount
from .claims import Claim
from .external import ExternalImport
from .policies import ClassRow, EvidenceRow, FieldRow, Override, PolicySnapshot, ProgrammeVersion, TermRow
from .programmes import Programme
from .vouchers import Voucher

__all__ = [
    "BudgetPool",
    "Claim",
    "ClassRow",
    "EvidenceRow",
    "ExternalImport",
    "FieldRow",
    "LedgerEntry",
    "Override",
    "PolicySnapshot",
    "Programme",
    "ProgrammeVersion",
    "QuotaAccount",
    "TermRow",
    "Voucher",
]
