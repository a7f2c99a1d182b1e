"""What people and the clock do with quota and vouchers."""

from .accounts import Balance, accounts_of, balance, locked_accounts, open_account
from .agreeing import agree_voucher
from .claimant import ClaimRefused, Standing, lock_claimant, locked_standing, programmes_before, standing
from .claims import claim_instantly, claim_or_wait, grant_instantly, grant_or_wait
from .deciding import approve_claim, expire_claim, reject_claim, remind_claim, return_claim, revoke_claim
from .endings import lapse_voucher, return_by_carrier, terminate_voucher, void_voucher, void_vouchers
from .external import import_external_claim
from .external_files import check_file, import_file
from .freezing import lift_freeze, set_freeze
from .gaps import claim_gaps
from .lapsing import lapse_account, lapse_accounts, lapse_voucher_if_over
from .locking import lock_voucher, lock_vouchers
from .mending import expire_correction, resubmit_voucher, return_for_correction
from .parties import party_of, related_party_answer
from .per_order import answers as application_answers, lock_for_use, quota_left
from .printing import reprint, scan_url, signature
from .redeeming import (
    freeze_voucher,
    freeze_vouchers,
    pay_voucher,
    reduce_hold,
    reject_redeeming,
    start_redeeming,
    stop_redeeming,
    unfreeze_voucher,
)
from .reviewed import (
    draft_claim,
    edit_claim,
    hand_in_claim,
    open_keys,
    resubmit_claim,
    submit_claim,
    withdraw_claim,
)
from .reviewing import issue_voucher, refuse_voucher
from .securing import secure_voucher
from .stamping import keep_scan, submit_stamped
from .use import confirm_locked, confirm_voucher, request_voucher
from .waiting import admit_waiting, lapse_claim
from .worth import VoucherFacts

__all__ = [
    "Balance",
    "ClaimRefused",
    "Standing",
    "VoucherFacts",
    "accounts_of",
    "admit_waiting",
    "agree_voucher",
    "application_answers",
    "approve_claim",
    "balance",
    "check_file",
    "claim_gaps",
    "claim_instantly",
    "claim_or_wait",
    "confirm_locked",
    "confirm_voucher",
    "draft_claim",
    "edit_claim",
    "expire_claim",
    "expire_correction",
    "freeze_voucher",
    "freeze_vouchers",
    "grant_instantly",
    "grant_or_wait",
    "hand_in_claim",
    "import_external_claim",
    "import_file",
    "issue_voucher",
    "keep_scan",
    "lapse_account",
    "lapse_accounts",
    "lapse_claim",
    "lapse_voucher",
    "lapse_voucher_if_over",
    "lift_freeze",
    "lock_claimant",
    "lock_for_use",
    "lock_voucher",
    "lock_vouchers",
    "locked_accounts",
    "locked_standing",
    "open_account",
    "open_keys",
    "party_of",
    "pay_voucher",
    "programmes_before",
    "quota_left",
    "reduce_hold",
    "refuse_voucher",
    "reject_claim",
    "reject_redeeming",
    "related_party_answer",
    "remind_claim",
    "reprint",
    "request_voucher",
    "resubmit_claim",
    "resubmit_voucher",
    "return_by_carrier",
    "return_claim",
    "return_for_correction",
    "revoke_claim",
    "scan_url",
    "secure_voucher",
    "set_freeze",
    "signature",
    "standing",
    "start_redeeming",
    "stop_redeeming",
    "submit_claim",
    "submit_stamped",
    "terminate_voucher",
    "unfreeze_voucher",
    "void_voucher",
    "void_vouchers",
    "withdraw_claim",
]
