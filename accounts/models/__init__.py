"""People, organizations, and the bureau's check of who they are."""

from .organizations import BankAccount, ConfirmedPhone, EnterpriseRecord, Membership, NameHistory, Organization
from .people import Consent, PhoneCode, User
from .qualifications import ListEntry, ListImport, Qualification, QualificationList
from .registration import RegistrationRules
from .verifications import Verification

__all__ = [
    "BankAccount",
    "ConfirmedPhone",
    "Consent",
    "EnterpriseRecord",
    "ListEntry",
    "ListImport",
    "Membership",
    "NameHistory",
    "Organization",
    "PhoneCode",
    "Qualification",
    "QualificationList",
    "RegistrationRules",
    "User",
    "Verification",
]
