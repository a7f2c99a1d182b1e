"""A scheme whose carriers are paid once the enterprise agrees: its people, and a redemption that waits."""

from typing import Any

from redemption import services
from redemption.models import Redemption
from redemption.tests import factories
from vouchers.models import Programme

RULES: dict[str, Any] = {
    "consent": "enterprise_agrees",
    "redeemer": "carrier",
    "redeem_from": "delivered",
    "subsidy_tiers": [["0", "0.5"]],
    "payment_check": "none",
    "invoice_fields": ["number", "amount"],
}


def make_programme(**parameters: Any) -> Programme:
    """An open programme with these rules."""
    return factories.make_programme(**{**RULES, **parameters})


def waiting(programme: Programme | None = None, **values: Any) -> Redemption:
    """6,000 yuan of service, 3,000 asked by the carrier, the enterprise has not answered."""
    facts = {"contract": 6_000, "order_state": "delivered", "redeemer": "carrier", **values}
    voucher = factories.ready(programme=programme or make_programme(), **facts)
    return services.submit_voucher(voucher, by=factories.payee_of(voucher))


def fresh(redemption: Redemption) -> Redemption:
    """As it stands in the database."""
    found: Redemption = Redemption.objects.get(pk=redemption.pk)
    return found
