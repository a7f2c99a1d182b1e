"""Signed contracts behind an order, each with the amount of it that is asked for."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit
from innovation_voucher.casework.errors import Refused

from .. import asked
from ..models import ContractPaper
from ..things import Thing, handle, rules_of
from .gaps import CONTRACTS
from .opened import open_order
from .pictures import Picture, drop_picture, keep_picture


@dataclass(frozen=True, kw_only=True)
class ContractFacts:
    """What is typed of a contract; `amount` is the part that is asked for, yuan."""

    name: str
    amount: Decimal


@transaction.atomic
def add_contract(thing: Thing, *, by: User, facts: ContractFacts, picture: Picture | None) -> ContractPaper:
    """Put a contract with its scan (file name, content) behind an order.

    Raises Refused where the scheme takes none or no more, and for an amount that is not above zero.
    """
    order = open_order(thing, CONTRACTS, by)
    policy = rules_of(handle(order))
    row = asked.picture_rows(policy).get(asked.CONTRACT_SCAN)
    if row is None:
        raise Refused(_("这项创新券不用逐份填写合同。"))
    if facts.amount <= 0:
        raise Refused(_("合同有效金额须大于 0 元。"))
    most = policy.contracts_per_order
    if most is not None and ContractPaper.objects.filter(order=order).count() >= most:
        raise Refused(_("一个订单最多 %(n)s 份合同。先删除一份，再添加。") % {"n": most}, "too_many")
    paper = ContractPaper.objects.create(order=order, name=facts.name, amount=facts.amount)
    keep_picture(row, order, paper, picture, by=by)
    after = {"name": facts.name, "amount": str(facts.amount)}
    audit.record("redemption.contract_added", handle(order), by=by, region=order.region, after=after)
    return paper


@transaction.atomic
def remove_contract(thing: Thing, paper: ContractPaper, *, by: User) -> None:
    """Take a contract back while its order is open."""
    order = open_order(thing, CONTRACTS, by)
    before = {"name": paper.name, "amount": str(paper.amount)}
    if ContractPaper.objects.filter(pk=paper.pk, order=order).delete()[0]:
        drop_picture(paper, by=by)
        audit.record("redemption.contract_removed", handle(order), by=by, region=order.region, before=before)
