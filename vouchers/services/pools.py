"""Which budget a claim is taken from."""

from accounts.models import Organization

from ..models import BudgetPool, Programme
from ..models.parameters import PoolScope
from ..policy import Policy
from ..resolve import remembered


def pool_of(organization: Organization, programme: Programme, policy: Policy) -> BudgetPool | None:
    """The budget row for claims of the organization; None = no limit.

    Remembered by its key: what is left in it must be read anew.
    """
    scope = policy.budget_pool
    if scope in (None, PoolScope.NONE):
        return None
    region = programme.region_id if scope == PoolScope.PROGRAMME else organization.region.path
    question = ("pool", programme.pk, programme.rules_stamp, scope, region)
    return remembered(question, lambda: _find(organization, programme, scope or ""))


def _find(organization: Organization, programme: Programme, scope: str) -> BudgetPool | None:
    pools = BudgetPool.objects.filter(programme=programme)
    if scope == PoolScope.PROGRAMME:
        return pools.filter(region=programme.region_id).first()
    return pools.filter(region__code__in=organization.region.ancestor_codes, region__level=scope).first()
