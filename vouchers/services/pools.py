"""Budgets of regions: which one a claim is taken from, and how large it is."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organization, User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import format_yuan, yuan

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


@transaction.atomic
def set_pool(programme: Programme, region: Region, total: Decimal, *, by: User | None) -> BudgetPool:
    """Give the region a budget of `total` yuan, or make it larger or smaller, never below what was granted."""
    total = yuan(total)
    # Two who set the first budget of a region wait for each other at the programme's row.
    Programme.objects.select_for_update(of=("self",), no_key=True).get(pk=programme.pk)
    pool = BudgetPool.objects.select_for_update(of=("self",)).filter(programme=programme, region=region).first()
    if pool is None:
        pool = BudgetPool(programme=programme, region=region, total=Decimal(0), budget=Decimal(0))
    granted, before = pool.total - pool.budget, pool.total
    if total < granted:
        raise Refused(_("本地区已发放 %s 元，预算不能低于这个数") % format_yuan(granted))
    pool.total, pool.budget = total, total - granted
    pool.save()
    audit.record(
        "programme.budget_set", programme, by=by, region=region, before={"total": before}, after={"total": total}
    )
    return pool
