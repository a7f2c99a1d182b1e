"""The verbs of orders, one module a noun."""

from .answering import accept_order, cancel_order, decline_order, lapse_order, remind_enterprise, send_message
from .booking import OFFLINE_ALLOWED, Booking, place_offline, place_order
from .common import expected, order_policy
from .delivery import confirm_completion, record_service, report_problem
from .evidence import CONTRACT, STAGE, add_evidence, evidence_rows, remove_evidence, use_gaps, use_policy
from .mending import FACTS, asked_to_mend, facts_asked, open_keys, order_of, remind_use, resubmit_use, return_use
from .quick import QuickFacts, place_quick
from .rating import Rating, default_review, reply_review, review_service
from .receiving import lock_for_receiving, log_scan, receive_locked, receive_voucher, return_voucher
from .securing import secure, settled_amount
from .terms import Term, term_for, term_of
from .use import Use, estimate, facts_of, forward, may_pay_for, resubmit_order, use_voucher

__all__ = [
    "CONTRACT",
    "FACTS",
    "OFFLINE_ALLOWED",
    "STAGE",
    "Booking",
    "QuickFacts",
    "Rating",
    "Term",
    "Use",
    "accept_order",
    "add_evidence",
    "asked_to_mend",
    "cancel_order",
    "confirm_completion",
    "decline_order",
    "default_review",
    "estimate",
    "evidence_rows",
    "expected",
    "facts_asked",
    "facts_of",
    "forward",
    "lapse_order",
    "lock_for_receiving",
    "log_scan",
    "may_pay_for",
    "open_keys",
    "order_of",
    "order_policy",
    "place_offline",
    "place_order",
    "place_quick",
    "receive_locked",
    "receive_voucher",
    "record_service",
    "remind_enterprise",
    "remind_use",
    "remove_evidence",
    "reply_review",
    "report_problem",
    "resubmit_order",
    "resubmit_use",
    "return_use",
    "return_voucher",
    "review_service",
    "secure",
    "send_message",
    "settled_amount",
    "term_for",
    "term_of",
    "use_gaps",
    "use_policy",
    "use_voucher",
]
