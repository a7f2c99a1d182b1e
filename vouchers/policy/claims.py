"""How much may still be claimed, and who may claim at all."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from .amounts import ZERO, plain
from .data import Policy


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit on a claim: `left` yuan under it, and the words that say why."""

    name: str
    words: str
    left: Decimal


@dataclass(frozen=True, kw_only=True)
class Claimable:
    """What was claimed and what may still be; `claimable` is None where no limit is set. Yuan."""

    cap: Decimal | None
    claimed: Decimal
    claimable: Decimal | None
    limits: tuple[Limit, ...]

    @property
    def deciding(self) -> Limit | None:
        """The tightest limit."""
        return min(self.limits, key=lambda limit: limit.left, default=None)


@dataclass(frozen=True, kw_only=True)
class ClaimProblem:
    """Why an amount cannot be claimed: the limit that bit, the sentence, the largest amount allowed."""

    limit: str
    words: str
    largest: Decimal


def claimable(policy: Policy, *, claimed: Decimal, available: Decimal, pool_left: Decimal | None = None) -> Claimable:
    """What may be claimed now: `claimed` this year, `available` in hand, `pool_left` in the budget."""
    limits = tuple(_limits(policy, claimed, available, pool_left))
    left = max(ZERO, min(limit.left for limit in limits)) if limits else None
    return Claimable(cap=policy.cap_year, claimed=claimed, claimable=left, limits=limits)


def _limits(policy: Policy, claimed: Decimal, available: Decimal, pool_left: Decimal | None) -> Iterator[Limit]:
    if policy.cap_year is not None:
        words = _("年度上限 %(cap)s，已申领 %(claimed)s") % {"cap": plain(policy.cap_year), "claimed": plain(claimed)}
        yield Limit(name="cap_year", words=words, left=policy.cap_year - claimed)
    if policy.cap_claim is not None:
        words = _("单次最多申领 %s") % plain(policy.cap_claim)
        yield Limit(name="cap_claim", words=words, left=policy.cap_claim)
    if policy.cap_holding is not None:
        words = _("最多持有 %(cap)s，现持有 %(held)s") % {"cap": plain(policy.cap_holding), "held": plain(available)}
        yield Limit(name="cap_holding", words=words, left=policy.cap_holding - available)
    if pool_left is not None:
        yield Limit(name="pool", words=_("本地区预算剩余 %s") % plain(pool_left), left=pool_left)


def claim_problem(
    policy: Policy, amount: Decimal, *, claimed: Decimal, available: Decimal, pool_left: Decimal | None = None
) -> ClaimProblem | None:
    """Why `amount` yuan cannot be claimed now; None when it can."""
    if amount <= 0:
        return ClaimProblem(limit="positive", words=_("申领金额要大于 0 元"), largest=ZERO)
    found = claimable(policy, claimed=claimed, available=available, pool_left=pool_left)
    limit = found.deciding
    if limit is None or amount <= limit.left:
        return None
    largest = max(ZERO, limit.left)
    words = _("申领金额最多 %(most)s 元（%(why)s）") % {"most": plain(largest), "why": limit.words}
    if not largest:
        words = _("现在不能再申领（%(why)s）") % {"why": limit.words}
    return ClaimProblem(limit=limit.name, words=words, largest=largest)


def revenue_problem(policy: Policy, revenue: Decimal | None) -> str:
    """The sentence for a revenue of last year above the limit, or not stated; empty = fine."""
    most = policy.revenue_max
    if most is None:
        return ""
    if revenue is None:
        return _("填写上年度营业收入后再申领")
    if revenue <= most:
        return ""
    return _("上年度营业收入不超过 %s 元的单位才能申领") % plain(most)
