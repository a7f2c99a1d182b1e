"""How the enterprise pays for a booking that the carrier entered."""

from django.http import HttpRequest

from vouchers import prefill
from vouchers.phone_forms import phones_of

from .. import rules
from ..forms.paying import PayForm
from ..forms.rows import PREFIX
from ..models import Order
from .schemes import Scheme, schemes_of


def paying_for(order: Order) -> list[Scheme]:
    """The schemes whose voucher may pay for the order's item."""
    item = order.service or order.instrument
    if item is None:
        return []
    return [
        scheme
        for scheme in schemes_of(order.organization)
        if rules.may_book(order.organization, item, with_voucher=True, policy=scheme.policy)[0]
    ]


def pay_form(order: Order, schemes: list[Scheme], request: HttpRequest) -> PayForm:
    """The choice among them, with what the registration knows of their own rows."""
    rows_of = {scheme.key: scheme.policy.fields_of("order") for scheme in schemes}
    known = prefill.known(order.organization, request.user)
    return PayForm(
        request.POST if request.method == "POST" else None,
        phones=phones_of(request, order.organization),
        schemes=[(scheme.programme.pk, scheme.label) for scheme in schemes],
        rows_of=rows_of,
        initial={
            **{f"{PREFIX}{row.key}": known.get(row.prefill) for rows in rows_of.values() for row in rows},
            "pay": schemes[0].key if schemes else None,
        },
    )
