"""The verbs of orders, one module a noun."""

from .anew import resubmit_order
from .answering import accept_order, cancel_order, decline_order, lapse_order, remind_enterprise, send_message
from .booking import Booking, Line, place_offline, place_order
from .cart import add_to_cart, cart_of, empty_cart, remove_from_cart, set_quantity
from .common import expected, order_policy
from .delivery import confirm_completion, record_service, report_problem
from .differences import place_difference
from .evidence import CONTRACT, STAGE, add_evidence, evidence_rows, remove_evidence, use_gaps, use_policy
from .mending import FACTS, asked_to_mend, facts_asked, open_keys, order_of, remind_use, resubmit_use, return_use
from .phone import confirm_phone_order, enter_phone_order
from .quick import QuickFacts, place_quick
from .quoting import Offer, accept_quote, offer_quote, open_quote, quote_words, withdraw_quote
from .rating import Rating, default_review, reply_review, review_service
from .receiving import lock_for_receiving, log_scan, receive_locked, receive_voucher, return_voucher
from .securing import secure, settled_amount
from .terms import Term, term_for, term_of
from .use import Use, estimate, facts_of, forward, may_pay_for, use_voucher

__all__ = [
    "CONTRACT",
    "FACTS",
    "STAGE",
    "Booking",
    "Line",
    "Offer",
    "QuickFacts",
    "Rating",
    "Term",
    "Use",
    "accept_order",
    "accept_quote",
    "add_evidence",
    "add_to_cart",
    "asked_to_mend",
    "cancel_order",
    "cart_of",
    "confirm_completion",
    "confirm_phone_order",
    "decline_order",
    "default_review",
    "empty_cart",
    "enter_phone_order",
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
    "offer_quote",
    "open_keys",
    "open_quote",
    "order_of",
    "order_policy",
    "place_difference",
    "place_offline",
    "place_order",
    "place_quick",
    "quote_words",
    "receive_locked",
    "receive_voucher",
    "record_service",
    "remind_enterprise",
    "remind_use",
    "remove_evidence",
    "remove_from_cart",
    "reply_review",
    "report_problem",
    "resubmit_order",
    "resubmit_use",
    "return_use",
    "return_voucher",
    "review_service",
    "secure",
    "send_message",
    "set_quantity",
    "settled_amount",
    "term_for",
    "term_of",
    "use_gaps",
    "use_policy",
    "use_voucher",
    "withdraw_quote",
]
