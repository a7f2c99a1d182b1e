"""The quote that waits for the enterprise, and what a voucher would cover of it."""

from typing import Any

from django.utils.translation import gettext as _

from innovation_voucher.casework.templatetags.portal import iso_day
from innovation_voucher.lib.money import format_yuan

from .. import services
from ..models import Order


def quote_facts(order: Order) -> list[dict[str, Any]]:
    """Rows of the page on which it is accepted; empty when none is open (any more)."""
    quote = services.open_quote(order)
    if quote is None:
        return []
    rows = [
        (_("报价"), _("%s 元") % format_yuan(quote.amount)),
        (_("交付时间"), iso_day(quote.promised_on)),
        (_("说明"), quote.words),
    ]
    if order.programme is not None:
        rows.append((_("预计用券"), services.estimate(order, quote.amount).words))
    return [{"label": label, "value": value} for label, value in rows if value]
