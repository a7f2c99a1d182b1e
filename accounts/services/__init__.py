"""The verbs of people and organizations, one module a noun."""

from .experts import mark_expert
from .lists import change_of, import_list, open_list
from .organizations import active_bank_account, change_bank_account, is_verified, members_of, organization_of
from .phones import ask_to_confirm, confirm_phone, is_confirmed
from .qualifications import qualify
from .registration import Taken, register
from .verifications import (
    approve_verification,
    expire_verification,
    reject_verification,
    return_verification,
    save_section,
    start_verification,
    submit_verification,
    withdraw_verification,
)

__all__ = [
    "Taken",
    "active_bank_account",
    "approve_verification",
    "ask_to_confirm",
    "change_bank_account",
    "change_of",
    "confirm_phone",
    "expire_verification",
    "import_list",
    "is_confirmed",
    "is_verified",
    "mark_expert",
    "members_of",
    "open_list",
    "organization_of",
    "qualify",
    "register",
    "reject_verification",
    "return_verification",
    "save_section",
    "start_verification",
    "submit_verification",
    "withdraw_verification",
]
