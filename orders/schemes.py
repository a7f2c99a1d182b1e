"""The open scheme of an organization whose rules allow something."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Organization
from vouchers.models import Programme
from vouchers.models.parameters import OrderRequired
from vouchers.policy import Policy
from vouchers.resolve import policy_of, programme_for, snapshot


@dataclass(frozen=True)
class Scheme:
    """A programme with the rules that hold for the organization today."""

    programme: Programme
    policy: Policy


def scheme_where(organization: Organization, allows: Callable[[Policy], bool]) -> Scheme | None:
    """The first open scheme in which the organization takes part and whose rules allow it; None where none does."""
    for programme in programme_for(organization):
        policy = policy_of(snapshot(programme, organization.region))
        if allows(policy):
            return Scheme(programme, policy)
    return None


def lets_quick(policy: Policy) -> bool:
    """Whether a service may be redeemed that was never ordered here (快速兑付)."""
    return policy.order_required == OrderRequired.ORDER_OR_QUICK
