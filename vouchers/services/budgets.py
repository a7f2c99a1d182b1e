"""Which budget a claim is taken from, and the line before an empty one."""

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organization
from innovation_voucher.lib.money import format_yuan

from ..models import BudgetPool, Claim, Programme
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


def line_of(pool: BudgetPool) -> QuerySet[Claim]:
    """The claims that wait for the budget, in the order of their submission."""
    return Claim.objects.filter(pool=pool, status=Claim.State.WAITLISTED).order_by("submitted_at", "pk")


def position_of(claim: Claim) -> int:
    """Which one of its line a waiting claim is, from 1 on (one query)."""
    if claim.pool is None:
        raise ValueError(f"claim {claim.number} waits for no budget")
    before = line_of(claim.pool).filter(submitted_at__lte=claim.submitted_at).values_list("submitted_at", "pk")
    return sum((at, pk) <= (claim.submitted_at, claim.pk) for at, pk in before)


def join_line(pool: BudgetPool) -> None:
    """One more waits; the row is locked last, as by every movement of money."""
    BudgetPool.objects.filter(pk=pool.pk).update(waiting=F("waiting") + 1)


def leave_line(pool: BudgetPool) -> None:
    """One waits no more, without having been granted anything."""
    BudgetPool.objects.filter(pk=pool.pk).update(waiting=F("waiting") - 1)


def left_words(pool: BudgetPool) -> str:
    """What is left and how many wait, as a page says it (one query)."""
    left, waiting = BudgetPool.objects.values_list("budget", "waiting").get(pk=pool.pk)
    words = _("剩余 %s 元") % format_yuan(left)
    return words + _("，%d 件排队") % waiting if waiting else words
