"""The copy of an order whose voucher was not used in the end."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import attachments, audit, deadlines
from innovation_voucher.casework.rules import require

from .. import rules
from ..models import Order
from . import placing
from .common import lock_for, order_number, order_policy, tell_carrier
from .evidence import TEMPLATE_KEY


@transaction.atomic
def resubmit_order(order: Order, *, by: User) -> Order:
    """Copy an order whose voucher ended, files included, so that a new voucher can be used on it.

    The old order is cancelled and keeps its voucher; the copy is accepted like the original, and its
    voucher is issued at once where the scheme asks for it with the order.
    """
    placing.lock_accounts(order.organization, order.programme)
    old = lock_for(order, rules.for_enterprise, by)
    require(rules.may_resubmit(by, old))
    fresh = copy_of(old)
    for line in old.lines.all():
        line.pk, line.order = None, fresh
        line.save()
    placing.ask(fresh, by=by)
    fresh.accept()
    placing.agree(fresh, by=by)
    fresh.save()
    for file in attachments.copy_files(old, fresh, by=by):
        if file.key == TEMPLATE_KEY:
            # It bears the old number; the new order makes its own.
            attachments.remove(file, by=by)
    old.cancel()
    old.ended_at = timezone.now()
    old.end_reason = _("创新券未使用成功，已重新提交为 %(number)s") % {"number": fresh.number}
    old.save()
    deadlines.close(old)
    audit.record("order.resubmitted", old, by=by, region=old.region, after={"order": fresh.number})
    audit.record("order.copied", fresh, by=by, region=old.region, before={"order": old.number})
    title = _("企业重新提交了订单，新编号 %(number)s：%(title)s")
    tell_carrier(fresh, "order.copied", title % {"number": fresh.number, "title": fresh.title})
    return fresh


def copy_of(old: Order, **changes: Any) -> Order:
    """The same booking under a new number, without voucher, in the machine's first state."""
    own = {"id", "status", "voucher", "number", *changes}
    values = {f.attname: getattr(old, f.attname) for f in Order._meta.concrete_fields if f.name not in own}
    return Order.objects.create(number=order_number(order_policy(old)), **values, **changes)
