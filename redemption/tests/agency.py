"""A scheme whose redemptions a third party opens at the end of the year, and its people."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Organization, User
from carriers.models import Carrier
from innovation_voucher.casework import calendar, reviews
from innovation_voucher.casework.models import Chain, ChainStep, Office, ReviewCase
from innovation_voucher.tests import cast
from orders.models import Order, ServiceRecord
from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from vouchers.models import Programme, Voucher
from vouchers.tests import factories as quota

CHAIN = "agency-test"

#: The year end by a third party: whole amounts, no papers but the service record.
RULES: dict[str, Any] = {
    "subsidy_tiers": [["0", "1"]],
    "amount_base": "reviewer",
    "redeemer": "carrier",
    "redemption_opened_by": "agency",
    "grouping": "per_carrier",
    "redeem_from": "completed",
    "service_record": True,
    "redemption_chain": CHAIN,
    "publicity_days": 0,
    "payment_check": "none",
}


def make_programme(**parameters: Any) -> Programme:
    """An open programme of the province with these rules and its chain: third party, then county."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "年终兑付"})
    if made:
        _step(chain, 1, "third_party", "open_redemptions", scope="programme", return_to="submitter")
        _step(chain, 2, "bureau", "review_redemption", may_lower=True)
    return quota.make_programme(**{**RULES, **parameters})


def _step(chain: Chain, position: int, kind: str, right: str, **values: Any) -> ChainStep:
    name = {"third_party": "第三方核对", "bureau": "县级核定"}[kind]
    return ChainStep.objects.create(
        chain=chain, position=position, name=name, office_kind=kind, right=right, working_days=5, **values
    )


def office(region_code: str = factories.PROVINCE) -> Office:
    """The third party of a province."""
    return cast.make_office("third_party", region_code, rights=("open_redemptions",))


def agent(name: str = "赵核对", region_code: str = factories.PROVINCE) -> User:
    """A new person of the third party."""
    return cast.make_officer(region_code, kind="third_party", name=name, office=office(region_code))


def served(
    programme: Programme,
    carrier: Carrier | None = None,
    *,
    contract: int | str = 12_000,
    region_code: str = cast.COUNTY,
    order_state: str = "completed",
    recorded: bool = True,
    organization: Organization | None = None,
) -> Voucher:
    """A received voucher on an order that was served, with its service record."""
    firm = organization or cast.make_organization(region_code=region_code)
    voucher = quota.make_voucher(
        firm, programme, carrier, state="confirmed", contract=contract, quota=100_000, redeemer="carrier"
    )
    order = factories.make_order(voucher, order_state)
    if recorded:
        record(order)
    return Voucher.objects.get(pk=voucher.pk)


def record(order: Order, day: date | None = None) -> ServiceRecord:
    """What the carrier wrote down about the service."""
    return ServiceRecord.objects.create(
        order=order,
        delivered_on=day or calendar.today(),
        result="报告已交付",
        recorded_by=cast.owner_of(order.carrier.organization),
        recorded_at=order.placed_at,
    )


def opened(voucher: Voucher, by: User | None = None) -> Redemption:
    """A draft over all that the voucher's county owes its carrier."""
    return services.open_for_carrier(
        voucher.carrier, voucher.programme, voucher.region, by=by or agent("钱发起"), office=office()
    )


def submitted(voucher: Voucher, by: User | None = None) -> Redemption:
    """It waits for the third party's second person."""
    opener = by or agent("钱发起")
    return services.submit_opened(opened(voucher, opener), by=opener)


def decide(redemption: Redemption, decision: str = "approve", *, by: User, **values: Any) -> Redemption:
    """This person decides the open step."""
    task = case_of(redemption).tasks.get(status="open")
    reviews.decide(task, by=by, office=None, decision=decision, **values)
    return Redemption.objects.get(pk=redemption.pk)


def case_of(redemption: Redemption) -> ReviewCase:
    """The live case."""
    return factories.case_of(redemption)


def checked(voucher: Voucher) -> Redemption:
    """It waits for the county."""
    return decide(submitted(voucher), by=agent("孙核对"))


def payable(voucher: Voucher, **values: Any) -> Redemption:
    """The county agreed."""
    redemption = checked(voucher)
    return decide(redemption, by=factories.officer(region_code=redemption.region.code), **values)


def total(redemption: Redemption) -> Decimal:
    """Sum of what was approved, yuan."""
    return sum((line.approved or Decimal(0) for line in redemption.lines.all()), Decimal("0.00"))
