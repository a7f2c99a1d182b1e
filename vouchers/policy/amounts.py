"""How much a voucher is worth, with the words that explain it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Literal, cast

from django.utils.translation import gettext as _

from innovation_voucher.lib.money import CENT, round_to, yuan

from .data import Policy
from .rows import Tier

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One step of the tiers: this much of the base at this rate."""

    base: Decimal
    rate: Decimal

    @property
    def words(self) -> str:
        return plain(self.base) if self.rate == 1 else f"{plain(self.base)} × {rate_words(self.rate)}"


@dataclass(frozen=True, kw_only=True)
class Subsidy:
    """Amount in yuan, the formula in words, what decided it, and the steps of the tiers.

    `decided_by` is one of tiers, reviewer, min_contract, cap_voucher, cap_year, remaining;
    `words` is one line, `limit_words` the sentence about the limit, empty when none bit.
    """

    amount: Decimal
    words: str
    decided_by: str
    parts: tuple[Part, ...] = ()
    limit_words: str = ""


def plain(amount: Decimal) -> str:
    """An amount in running text: 10,000, and 4,549.50 only where there are fen."""
    amount = yuan(amount)
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def rate_words(rate: Decimal) -> str:
    """0.5 -> 50%, 0.125 -> 12.5%."""
    return f"{(rate * 100).normalize():f}%"


def subsidy(policy: Policy, base: Decimal, *, remaining: Decimal | None = None) -> Subsidy:
    """What a voucher on `base` yuan is worth; `remaining` is the quota that is left for it.

    Never above a limit, never below zero; a limit is rounded down to the scheme's step.
    """
    least = policy.min_contract or ZERO
    if base < least:
        words = _("合同金额不到 %s 元，不能使用创新券") % plain(least)
        return Subsidy(amount=ZERO, words=words, decided_by="min_contract")
    parts = tuple(_parts(policy, base))
    computed = _rounded(policy, sum((part.base * part.rate for part in parts), ZERO))
    limit = min(_limits(policy, remaining), default=None, key=lambda found: found[1])
    sum_words = _sum_words(policy, parts, computed)
    if limit is None or computed <= limit[1]:
        return Subsidy(amount=computed, words=sum_words, decided_by=_by_rate(policy), parts=parts)
    name, left, label = limit
    amount = round_to(max(left, ZERO), policy.rounding_step or CENT, "down")
    limit_words = _("%(limit)s %(left)s 元，按 %(amount)s 元计") % {
        "limit": label,
        "left": plain(left),
        "amount": plain(amount),
    }
    return Subsidy(
        amount=amount, words=f"{sum_words}；{limit_words}", decided_by=name, parts=parts, limit_words=limit_words
    )


def _by_rate(policy: Policy) -> str:
    return "tiers" if policy.subsidy_tiers else "reviewer"


def _parts(policy: Policy, base: Decimal) -> Iterator[Part]:
    """The base cut at the tiers; without tiers the reviewer decides and the base is the most."""
    tiers: tuple[Tier, ...] = policy.subsidy_tiers or ((ZERO, Decimal(1)),)
    if policy.tiers_apply == "whole":
        rate = max((tier for tier in tiers if tier[0] <= base), default=(ZERO, ZERO))[1]
        yield Part(base=base, rate=rate)
        return
    ends = [start for start, _rate in tiers[1:]]
    for (start, rate), end in zip(tiers, [*ends, base], strict=True):
        if base > start:
            yield Part(base=min(base, end) - start, rate=rate)


def _rounded(policy: Policy, amount: Decimal) -> Decimal:
    mode = cast('Literal["half_up", "down"]', policy.rounding_mode or "half_up")
    return round_to(amount, policy.rounding_step or CENT, mode)


def _limits(policy: Policy, remaining: Decimal | None) -> Iterator[tuple[str, Decimal, str]]:
    """Every limit that is set: its name, yuan, and its words. What is left is named before the caps."""
    if remaining is not None:
        yield "remaining", remaining, _("可用额度")
    if policy.cap_voucher is not None:
        yield "cap_voucher", policy.cap_voucher, _("单券上限")
    if policy.cap_year is not None:
        yield "cap_year", policy.cap_year, _("年度上限")


def _sum_words(policy: Policy, parts: tuple[Part, ...], computed: Decimal) -> str:
    """10,000 ＋ 8,000 × 50% ＝ 14,000 元."""
    if not policy.subsidy_tiers:
        return _("由审核人核定，最多 %s 元") % plain(computed)
    steps = " ＋ ".join(part.words for part in parts) or "0"
    return f"{steps} ＝ {plain(computed)} {_('元')}"


def tiers_in_order(tiers: tuple[Tier, ...]) -> bool:
    """Whether tiers start at zero, rise, and pay between nothing and everything."""
    starts = [start for start, _rate in tiers]
    rising = all(low < high for low, high in pairwise(starts))
    return bool(tiers) and starts[0] == 0 and rising and all(0 <= rate <= 1 for _start, rate in tiers)
