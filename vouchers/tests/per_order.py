"""A scheme for the tests whose quota comes with each voucher, reviewed by two offices one after the other."""

from decimal import Decimal
from typing import Any

from accounts.models import Organization
from carriers.models import Carrier
from innovation_voucher.casework.models import Chain, ChainStep
from innovation_voucher.tests import cast
from vouchers.models import Programme, QuotaAccount, Voucher
from vouchers.resolve import snapshot
from vouchers.services import request_voucher

from . import factories

CHAIN = "per-order-use"
RULES: dict[str, Any] = {
    "claim_mode": "per_order",
    "grant": "computed",
    "budget_pool": "programme",
    "cap_year": Decimal(100_000),
    "subsidy_tiers": [["0", "0.5"]],
    "min_contract": Decimal(4_000),
    "hold_at": "application",
    "confirmation": "none",
    "cancel_until": "review_passed",
    "redeemer": "enterprise",
}


def make_chain() -> None:
    """The district looks first, then an agency of the programme."""
    chain, made = Chain.objects.get_or_create(key=CHAIN, defaults={"name": "用券申请审核"})
    if made:
        step = {"chain": chain, "right": "review_use"}
        ChainStep.objects.create(position=1, name="初审", office_kind="bureau", **step)
        ChainStep.objects.create(position=2, name="复审", office_kind="agency", scope="programme", **step)


def make(**changes: Any) -> Programme:
    """Open for the whole province."""
    make_chain()
    return factories.make_programme(**{**RULES, "use_chain": CHAIN, **changes})


def ask(
    organization: Organization, programme: Programme, contract: int | str = "9099", carrier: Carrier | None = None
) -> Voucher:
    """A voucher on a contract of so many yuan."""
    return request_voucher(
        organization=organization,
        carrier=carrier or Carrier.objects.first() or factories.make_carrier(),
        programme=programme,
        snapshot=snapshot(programme, organization.region),
        region=organization.bureau,
        facts=factories.facts(contract),
        redeemer="enterprise",
        by=cast.owner_of(organization),
    )


def buckets(organization: Organization) -> tuple[Decimal, Decimal, Decimal]:
    """Granted, available and held of the one account."""
    account = QuotaAccount.objects.get(organization=organization)
    return account.granted, account.available, account.held
