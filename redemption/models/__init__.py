"""Redemptions with their lines and invoices, publicity, settlement batches and payments."""

from .batches import Payment, PaymentLine, SettlementBatch
from .publicity import Objection, Publicity
from .redemptions import BankReceipt, Invoice, InvoiceAllocation, Redemption, RedemptionLine

__all__ = [
    "BankReceipt",
    "Invoice",
    "InvoiceAllocation",
    "Objection",
    "Payment",
    "PaymentLine",
    "Publicity",
    "Redemption",
    "RedemptionLine",
    "SettlementBatch",
]
