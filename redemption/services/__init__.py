"""The verbs of redemption, one module a noun."""

from .answering import dismiss_objection, uphold_objection
from .batches import (
    cancel_batch,
    countersign_batch,
    create_batch,
    export_batch,
    freeze_batch,
    preview_of,
)
from .checking import add_bank_receipt, explain_differences, sign_batch, unexplained
from .consent import agree_consent, consent_overdue, refuse_consent
from .consenting import ask_consent, remind_consent
from .contracts import ContractFacts, add_contract, remove_contract
from .draft_files import keep_file, take_file_back
from .drafts import keep_answers, keep_facts, open_keys
from .drawing import Candidates, candidates, draw_more, draw_panel, recuse_expert, replace_expert, sides_of
from .gaps import (
    CONTRACTS,
    INVOICES,
    RECEIPTS,
    asked_invoice_fields,
    base_of,
    computed_amount,
    draft_gaps,
    expected_receipts,
    gaps,
    payment_check,
    worth_now,
    worth_of_contract,
)
from .gathering import gather, keep_amounts, leave_out
from .given import Papers, papers_by_order, papers_for, papers_of
from .handing import Outcome, submit_draft, submit_many, submit_voucher
from .invoices import InvoiceFacts, add_invoice, remove_invoice
from .listing import awaiting, create_publicity
from .lowering import keep_lines
from .objections import EVIDENCE, add_evidence, find_answered, object_to, raise_objection
from .opened import opened_targets
from .opening import drop_line, lapse_draft, open_for_carrier, submit_opened
from .paper_copy import receive_paper
from .papers import add_paper, add_receipt, remove_paper, remove_receipt
from .publishing import close_publicity, open_publicity
from .redeeming import (
    approve,
    expire,
    reject,
    remind,
    resubmit_redemption,
    return_,
    tell_called,
    withdraw_redemption,
)
from .register import declare_conflict, save_expert
from .results import Results, Totals, import_results, last_results, reconcile_batch, totals
from .selection import Preview, approved_amount, preview
from .windows import WINDOW, in_window, opened_on, opens_next
from .written import entered_for, order_amount
from .yearend import Entry, Period, Share, entries, facts_along, shares, unpaid, with_facts

__all__ = [
    "CONTRACTS",
    "EVIDENCE",
    "INVOICES",
    "RECEIPTS",
    "WINDOW",
    "Candidates",
    "ContractFacts",
    "Entry",
    "InvoiceFacts",
    "Outcome",
    "Papers",
    "Period",
    "Preview",
    "Results",
    "Share",
    "Totals",
    "add_bank_receipt",
    "add_contract",
    "add_evidence",
    "add_invoice",
    "add_paper",
    "add_receipt",
    "agree_consent",
    "approve",
    "approved_amount",
    "ask_consent",
    "asked_invoice_fields",
    "awaiting",
    "base_of",
    "cancel_batch",
    "candidates",
    "close_publicity",
    "computed_amount",
    "consent_overdue",
    "countersign_batch",
    "create_batch",
    "create_publicity",
    "declare_conflict",
    "dismiss_objection",
    "draft_gaps",
    "draw_more",
    "draw_panel",
    "drop_line",
    "entered_for",
    "entries",
    "expected_receipts",
    "expire",
    "explain_differences",
    "export_batch",
    "facts_along",
    "find_answered",
    "freeze_batch",
    "gaps",
    "gather",
    "import_results",
    "in_window",
    "keep_amounts",
    "keep_answers",
    "keep_facts",
    "keep_file",
    "keep_lines",
    "lapse_draft",
    "last_results",
    "leave_out",
    "object_to",
    "open_for_carrier",
    "open_keys",
    "open_publicity",
    "opened_on",
    "opened_targets",
    "opens_next",
    "order_amount",
    "papers_by_order",
    "papers_for",
    "papers_of",
    "payment_check",
    "preview",
    "preview_of",
    "raise_objection",
    "receive_paper",
    "reconcile_batch",
    "recuse_expert",
    "refuse_consent",
    "reject",
    "remind",
    "remind_consent",
    "remove_contract",
    "remove_invoice",
    "remove_paper",
    "remove_receipt",
    "replace_expert",
    "resubmit_redemption",
    "return_",
    "save_expert",
    "shares",
    "sides_of",
    "sign_batch",
    "submit_draft",
    "submit_many",
    "submit_opened",
    "submit_voucher",
    "take_file_back",
    "tell_called",
    "totals",
    "unexplained",
    "unpaid",
    "uphold_objection",
    "with_facts",
    "withdraw_redemption",
    "worth_now",
    "worth_of_contract",
]
