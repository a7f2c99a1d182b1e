"""The verbs of redemption, one module a noun."""

from .batches import (
    cancel_batch,
    countersign_batch,
    create_batch,
    export_batch,
    freeze_batch,
    preview_of,
)
from .gaps import asked_invoice_fields, computed_amount, gaps, papers_for, papers_of
from .papers import (
    InvoiceFacts,
    add_invoice,
    add_paper,
    add_receipt,
    remove_invoice,
    remove_receipt,
)
from .redeeming import (
    Outcome,
    approve,
    expire,
    reject,
    resubmit_redemption,
    return_,
    submit_many,
    submit_voucher,
    withdraw_redemption,
)
from .results import Results, Totals, import_results, reconcile_batch, totals
from .selection import Preview, preview

__all__ = [
    "InvoiceFacts",
    "Outcome",
    "Preview",
    "Results",
    "Totals",
    "add_invoice",
    "add_paper",
    "add_receipt",
    "approve",
    "asked_invoice_fields",
    "cancel_batch",
    "computed_amount",
    "countersign_batch",
    "create_batch",
    "expire",
    "export_batch",
    "freeze_batch",
    "gaps",
    "import_results",
    "papers_for",
    "papers_of",
    "preview",
    "preview_of",
    "reconcile_batch",
    "reject",
    "remove_invoice",
    "remove_receipt",
    "resubmit_redemption",
    "return_",
    "submit_many",
    "submit_voucher",
    "totals",
    "withdraw_redemption",
]
