"""Redemptions with their lines and invoices, publicity, settlement batches and payments."""

from .batches import Payment, PaymentLine, SettlementBatch
from .contracts import ContractPaper
from .experts import Conflict, Expert
from .publicity import Objection, Publicity, PublicityRow
from .redemptions import BankReceipt, Invoice, InvoiceAllocation, Pick, Redemption, RedemptionLine

__all__ = [
    "BankReceipt",
    "Conflict",
    "ContractPaper",
    "Expert",
    "Invoice",
    "InvoiceAllocation",
    "Objection",
    "Payment",
    "PaymentLine",
    "Pick",
    "Publicity",
    "PublicityRow",
    "Redemption",
    "RedemptionLine",
    "SettlementBatch",
]
