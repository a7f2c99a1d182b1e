"""The open scheme of an organization whose rules allow something."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accounts.models import Organization
from vouchers.models import Programme
from vouchers.models.parameters import OfflineUse, OrderRequired
from vouchers.policy import Policy
from vouchers.resolve import policy_of, programme_for, snapshot


@dataclass(frozen=True)
class Scheme:
    """A programme with the rules that hold for the organization today."""

    programme: Programme
    policy: Policy


def schemes_of(organization: Organization) -> Iterator[Scheme]:
    """The open schemes in which the organization takes part (one query, and one a scheme that nobody asked before)."""
    for programme in programme_for(organization):
        yield Scheme(programme, policy_of(snapshot(programme, organization.region)))


def scheme_where(organization: Organization, allows: Callable[[Policy], bool]) -> Scheme | None:
    """The first open scheme of the organization whose rules allow it; None where none does."""
    return next((scheme for scheme in schemes_of(organization) if allows(scheme.policy)), None)


def lets_offline(policy: Policy) -> bool:
    """Whether a contract that was signed elsewhere may be paid with a voucher (线下使用)."""
    return policy.offline_use in (OfflineUse.REGISTERED, OfflineUse.YES)


def lets_quick(policy: Policy) -> bool:
    """Whether a service may be redeemed that was never ordered here (快速兑付)."""
    return policy.order_required == OrderRequired.ORDER_OR_QUICK
