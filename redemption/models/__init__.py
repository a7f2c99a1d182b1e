"""Redemptions with their lines and invoices, publicity, settlement batches and payments."""

from .batches import Payment, PaymentLine, SettlementBatch
from .experts import Conflict, Expert
from .publicity import Objection, Publicity, PublicityRow
from .redemptions import BankReceipt, Invoice, InvoiceAllocation, Redemption, RedemptionLine

__all__ = [
    "BankReceipt",
    "Conflict",
    "Expert",
    "Invoice",
    "InvoiceAllocation",
    "Objection",
    "Payment",
    "PaymentLine",
    "Publicity",
    "PublicityRow",
    "Redemption",
    "RedemptionLine",
    "SettlementBatch",
]
