"""Budgets of regions: how large one is."""

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import Region
from innovation_voucher.lib.money import format_yuan, yuan

from ..models import BudgetPool, Programme
from .waiting import admit_later


@transaction.atomic
def set_pool(programme: Programme, region: Region, total: Decimal, *, by: User | None) -> BudgetPool:
    """Give the region a budget of `total` yuan, or make it larger or smaller, never below what was granted.

    Those who wait for it are granted what it holds now, in their order, after the commit.
    """
    total = yuan(total)
    if not _reaches(programme, region):
        raise Refused(
            _("%(region)s不在%(name)s的主管地区和参与地区内") % {"region": region.full_name, "name": programme.name}
        )
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
    if pool.waiting:
        admit_later(pool)
    return pool


def _reaches(programme: Programme, region: Region) -> bool:
    """Whether organizations of the region can have quota of the programme."""
    return any(node.covers(region) for node in (programme.region, *programme.participating.all()))
