"""Organizations: whose they are, whether they are verified, and where they are paid."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import BankAccount, Membership, Organization, RegistrationRules, User
from ..people import people_of

__all__ = [
    "active_bank_account",
    "change_bank_account",
    "is_verified",
    "members_of",
    "organization_of",
    "organizations_of",
    "people_of",
    "put_bank_account",
    "registration_rules_of",
]


def organizations_of(user: User) -> QuerySet[Organization]:
    """Organizations in which the person is an active member, in the order of joining."""
    return (
        Organization.objects.filter(memberships__user=user, memberships__active=True)
        .select_related("region", "bureau")
        .order_by("memberships__pk")
    )


def organization_of(user: User) -> Organization | None:
    """The organization for which the person acts: the first joined; None without any."""
    return organizations_of(user).first()


def registration_rules_of(user: User | None) -> RegistrationRules:
    """The rules of the region where the person's organization is registered; the defaults without one.

    Nobody is behind a link that has expired.
    """
    organization = organization_of(user) if user is not None and user.pk else None
    return rules.registration_rules(organization.region) if organization else RegistrationRules()


def members_of(organization: Organization) -> QuerySet[Membership]:
    """The people of an organization with their roles, the owner first."""
    return organization.memberships.filter(active=True).select_related("user").order_by("pk")


def is_verified(organization: Organization) -> bool:
    """Whether a bureau has approved who the organization is."""
    return organization.verified_at is not None


def active_bank_account(organization: Organization) -> BankAccount | None:
    """Where the organization is paid now."""
    return organization.bank_accounts.filter(active=True).first()


@transaction.atomic
def change_bank_account(
    organization: Organization, *, holder: str, bank: str, number: str, by: User | None
) -> BankAccount:
    """Pay the organization elsewhere from now on; the old row stays for what it was used for.

    Raises Refused when the holder is not the organization, NotAllowed for people who may not.
    """
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    if by:
        require(rules.may_act(by, organization, roles=("owner", "finance")), NotAllowed)
    if holder != organization.name:
        raise Refused(_("户名须与单位名称一致：%s") % organization.name, "holder")
    return put_bank_account(organization, holder=holder, bank=bank, number=number, by=by)


def put_bank_account(
    organization: Organization, *, holder: str, bank: str, number: str, by: User | None
) -> BankAccount:
    """Write the new row and close the old one; the organization's row is locked by the caller."""
    old = active_bank_account(organization)
    if old and (old.holder, old.bank, old.number) == (holder, bank, number):
        return old
    organization.bank_accounts.filter(active=True).update(active=False)
    account = BankAccount.objects.create(
        organization=organization, holder=holder, bank=bank, number=number, last_four=number[-4:]
    )
    audit.record(
        "organization.bank_changed",
        organization,
        by=by,
        region=organization.region,
        before={"last_four": old.last_four if old else ""},
        after={"last_four": account.last_four},
    )
    return account
