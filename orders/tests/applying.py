"""A world whose orders apply for vouchers: a quote is enough, the district looks first, then an agency."""

import io
from decimal import Decimal
from typing import Any

from accounts.models import User
from innovation_voucher.casework import reviews
from innovation_voucher.casework.models import Office, ReviewTask
from innovation_voucher.lib.tests.files import pdf
from innovation_voucher.tests import cast
from orders import services
from orders.models import Order
from vouchers.models import Voucher
from vouchers.tests import per_order

from .factories import World, make_order, make_world

QUOTE = {"key": "quote", "label": "合同、协议或报价单", "formats": ["jpg", "pdf"], "max_bytes": 2_000_000}
TEXT = {"stage": "use", "key": "description", "label": "科技创新活动描述", "type": "long_text", "max_length": 1000}


def applying_world(**changes: Any) -> World:
    """Quota comes with each voucher; the contract is not signed yet."""
    per_order.make_chain()
    rules = {**per_order.RULES, "use_chain": per_order.CHAIN, **changes}
    return make_world(quota=0, contract=False, evidence=(QUOTE,), fields=(TEXT,), **rules)


def accepted(world: World, *, quoted: bool = True) -> Order:
    """An order that the carrier took, with its quote unless told."""
    order = make_order(world, "accepted")
    if quoted:
        services.add_evidence(order, "quote", by=world.owner, name="报价单.pdf", data=io.BytesIO(pdf()))
    return order


def apply(world: World, order: Order, amount: int | str = "9099", **changes: Any) -> Voucher:
    """The enterprise applies for a voucher on a contract of so many yuan."""
    values: dict[str, Any] = {"answers": {"description": "样机试验"}, **changes}
    use = services.Use(contract_name=order.title, contract_amount=Decimal(amount), redeemer="enterprise", **values)
    return services.use_voucher(order, by=world.owner, use=use)


def district() -> User:
    """A person of the county's bureau."""
    return cast.make_officer(cast.COUNTY, "review_use", "view_cases")


def agency(region: str = "330000") -> User:
    """A person of the programme's agency."""
    office = cast.make_office("agency", region, rights=("review_use", "view_cases"), name="专业机构")
    return cast.make_officer(region, office=office)


def decide(person: User, decision: str, **words: Any) -> None:
    """The person decides the one open task."""
    office = Office.objects.get(group__user=person)
    reviews.decide(ReviewTask.objects.get(status="open"), by=person, office=office, decision=decision, **words)
