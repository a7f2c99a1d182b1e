"""What a voucher is worth when it is requested, and from which account it is taken."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.rules import require
from innovation_voucher.lib.money import yuan

from .. import rules
from ..models import QuotaAccount
from ..policy import Policy, Subsidy, asked_problem, asks_amount, subsidy
from .formulas import asked_formula, plain_formula


@dataclass(frozen=True, kw_only=True)
class VoucherFacts:
    """What is printed on the voucher and never changes after it is issued. Amount in yuan."""

    service_title: str
    service_category: str
    contract_name: str
    contract_amount: Decimal
    contract_number: str = ""
    contract_date: date | None = None
    answers: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Worth:
    """The amount (yuan) of a new voucher and the formula that is kept with it."""

    amount: Decimal
    formula: dict[str, str]


def account_for(accounts: list[QuotaAccount], day: date) -> QuotaAccount:
    """The account that ends first among those that have something left; the reason where there is none."""
    usable = [a for a in accounts if rules.is_usable(a, day)[0]]
    if accounts and not usable:
        require(rules.is_usable(max(accounts, key=lambda a: a.valid_until), day))
    filled = [a for a in usable if a.available > 0]
    if not filled:
        raise Refused(_("可用额度为 0 元，申领额度后再使用创新券"), code="insufficient_quota")
    return min(filled, key=lambda a: (a.valid_until, a.pk))


def worth_of(
    policy: Policy, contract_amount: Decimal, *, remaining: Decimal | None, asked: Decimal | None = None
) -> Worth:
    """What the contract is worth with `remaining` yuan of quota; where the reviewer sets it, what was asked.

    `remaining` None = no limit. Raises Refused when nothing would be left, or more was asked than can be.
    """
    most = subsidy(policy, yuan(contract_amount), remaining=remaining)
    if most.amount <= 0:
        raise Refused(_nothing_words(most), code=most.decided_by)
    if asked is None or not asks_amount(policy):
        return Worth(most.amount, plain_formula(most))
    problem = asked_problem(asked, yuan(contract_amount), most)
    if problem:
        raise Refused(problem, code="asked")
    return Worth(yuan(asked), asked_formula(asked))


def _nothing_words(most: Subsidy) -> str:
    """Why a contract is worth nothing."""
    if most.decided_by == "min_contract":
        return most.words
    if most.decided_by == "remaining":
        return _("本年度的创新券额度已用完，不能再使用创新券")
    return _("按这份合同计算的券额为 0 元，核对合同金额")
