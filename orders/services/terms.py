"""How long the acts of an order may take: the scheme's rows, and what holds where it says nothing."""

from dataclasses import dataclass
from typing import Literal, cast

from django.utils.translation import gettext as _

from innovation_voucher.casework import deadlines
from innovation_voucher.casework.models import Deadline
from vouchers.policy import Policy
from vouchers.resolve import policy_of

from ..models import Order

Unit = Literal["wd", "d"]


@dataclass(frozen=True)
class Term:
    """How long an act may take, in working days ("wd") or days ("d"), and what follows."""

    days: int
    unit: Unit
    on_expiry: str
    remind_before: int = 0

    @property
    def words(self) -> str:
        """The span as pages say it."""
        span = _("%(n)d 个工作日") if self.unit == "wd" else _("%(n)d 天")
        return span % {"n": self.days}

    @property
    def only_reminds(self) -> bool:
        """Whether nothing happens by itself when the span is over."""
        return self.on_expiry in (Deadline.OnExpiry.REMIND, Deadline.OnExpiry.ESCALATE)


DEFAULT_TERMS = {
    "order_answer": Term(2, "wd", Deadline.OnExpiry.LAPSE, 1),
    "quote_answer": Term(5, "wd", Deadline.OnExpiry.LAPSE, 1),
    "completion": Term(15, "d", Deadline.OnExpiry.DEFAULT, 3),
    "rating": Term(30, "d", Deadline.OnExpiry.DEFAULT),
}


def term_of(policy: Policy | None, act: str) -> Term:
    """The term that the policy, or the portal's default, sets for `act` (a key of DEFAULT_TERMS)."""
    row = policy.term(act) if policy else None
    found = Term(row.days, cast("Unit", row.unit), row.on_expiry, row.remind_before) if row else DEFAULT_TERMS[act]
    own_days = policy.auto_review_days if policy and act == "rating" else None
    return Term(own_days or found.days, found.unit, found.on_expiry, found.remind_before)


def term_for(order: Order, act: str) -> Term:
    """The same for an order, by the policy under which it was placed."""
    return term_of(policy_of(order.snapshot) if order.snapshot else None, act)


def start_term(order: Order, act: str) -> Deadline:
    """Start the deadline of `act` on the order."""
    term = term_for(order, act)
    return deadlines.start(
        order,
        act,
        days=term.days,
        unit=term.unit,
        remind_before=term.remind_before,
        on_expiry=term.on_expiry,
    )
