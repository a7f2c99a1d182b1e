"""The verbs of orders, one module a noun."""

from .booking import (
    Booking,
    accept_order,
    cancel_order,
    decline_order,
    lapse_order,
    place_order,
    send_message,
)
from .delivery import (
    confirm_completion,
    default_review,
    record_service,
    reply_review,
    report_problem,
    review_service,
)
from .receiving import log_scan, receive_voucher, return_voucher
from .use import (
    Use,
    add_evidence,
    estimate,
    may_pay_for,
    remove_evidence,
    resubmit_order,
    use_gaps,
    use_policy,
    use_voucher,
)

__all__ = [
    "Booking",
    "Use",
    "accept_order",
    "add_evidence",
    "cancel_order",
    "confirm_completion",
    "decline_order",
    "default_review",
    "estimate",
    "lapse_order",
    "log_scan",
    "may_pay_for",
    "place_order",
    "receive_voucher",
    "record_service",
    "remove_evidence",
    "reply_review",
    "report_problem",
    "resubmit_order",
    "return_voucher",
    "review_service",
    "send_message",
    "use_gaps",
    "use_policy",
    "use_voucher",
]
