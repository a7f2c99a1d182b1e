"""What people and the clock do with quota and vouchers."""

from .accounts import Balance, accounts_of, balance, locked_accounts, open_account
from .claims import (
    ClaimRefused,
    claim_instantly,
    grant_instantly,
    lock_claimant,
    locked_standing,
    programmes_before,
    standing,
)
from .endings import lapse_voucher, return_by_carrier, terminate_voucher, void_voucher, void_vouchers
from .freezing import lift_freeze, set_freeze
from .lapsing import lapse_account, lapse_accounts, lapse_voucher_if_over
from .locking import lock_voucher, lock_vouchers
from .mending import expire_correction, resubmit_voucher, return_for_correction
from .parties import party_of, related_party_answer
from .printing import reprint, scan_url, signature
from .redeeming import (
    freeze_voucher,
    pay_voucher,
    reduce_hold,
    reject_redeeming,
    start_redeeming,
    stop_redeeming,
    unfreeze_voucher,
)
from .reviewing import issue_voucher, refuse_voucher
from .use import confirm_locked, confirm_voucher, request_voucher
from .worth import VoucherFacts

__all__ = [
    "Balance",
    "ClaimRefused",
    "VoucherFacts",
    "accounts_of",
    "balance",
    "claim_instantly",
    "confirm_locked",
    "confirm_voucher",
    "expire_correction",
    "freeze_voucher",
    "grant_instantly",
    "issue_voucher",
    "lapse_account",
    "lapse_accounts",
    "lapse_voucher",
    "lapse_voucher_if_over",
    "lift_freeze",
    "lock_claimant",
    "lock_voucher",
    "lock_vouchers",
    "locked_accounts",
    "locked_standing",
    "open_account",
    "party_of",
    "pay_voucher",
    "programmes_before",
    "reduce_hold",
    "refuse_voucher",
    "reject_redeeming",
    "related_party_answer",
    "reprint",
    "request_voucher",
    "resubmit_voucher",
    "return_by_carrier",
    "return_for_correction",
    "scan_url",
    "set_freeze",
    "signature",
    "standing",
    "start_redeeming",
    "stop_redeeming",
    "terminate_voucher",
    "unfreeze_voucher",
    "void_voucher",
    "void_vouchers",
]
