"""The enterprise agrees to what its carrier asks to be paid, or sends it back with a reason."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from innovation_voucher.casework import audit, deadlines
from innovation_voucher.casework.errors import NotAllowed, Refused
from innovation_voucher.casework.models import Deadline
from innovation_voucher.casework.rules import require
from orders import services as orders
from orders.models import Order
from vouchers import services as vouchers
from vouchers.rules import frozen_words, is_frozen

from ..consents import CONSENT, may_consent
from ..models import Pick, Redemption
from .consenting import escalate_consent
from .handing import hand_in
from .redeeming import lock, tell_payee


@transaction.atomic
def agree_consent(redemption: Redemption, *, by: User | None) -> Redemption:
    """The enterprise agrees: for it the orders are done, and the redemption goes to its review.

    `by` is None where the scheme lets the clock agree. Raises NotAllowed for others, Refused when it
    was answered before or a voucher is frozen.
    """
    redemption = _locked(redemption, by)
    for line in redemption.lines.select_related("voucher"):
        if is_frozen(line.voucher):
            raise Refused(frozen_words(line.voucher), "frozen")
    for order in Order.objects.filter(voucher__lines__redemption=redemption, status=Order.State.DELIVERED):
        orders.confirm_completion(order, by=by)
    deadlines.close(redemption, CONSENT)
    audit.record("redemption.consent_given", redemption, by=by, region=redemption.region)
    total = redemption.lines.aggregate(total=Sum("claimed"))["total"] or Decimal(0)
    hand_in(redemption, amount=total, by=by)
    title = _("企业已同意兑付 %(number)s，进入审核") % {"number": redemption.number}
    tell_payee(redemption, "consent_given", title, mark=str(redemption.submitted_at))
    return redemption


@transaction.atomic
def refuse_consent(redemption: Redemption, *, by: User | None, reason: str) -> Redemption:
    """The enterprise does not agree: a draft at the carrier again, its vouchers confirmed, with the reason."""
    redemption = _locked(redemption, by)
    if not reason.strip():
        raise Refused(_("写明不同意的原因，服务机构会看到。"), "reason")
    asked = str(redemption.submitted_at)
    redemption.refuse_consent()
    redemption.submitted_at = None
    redemption.save(update_fields=["status", "submitted_at"])
    deadlines.close(redemption, CONSENT)
    for line in redemption.lines.select_related("voucher__order").order_by("id"):
        vouchers.stop_redeeming(line.voucher, by=by)
        line.delete()
        Pick.objects.create(redemption=redemption, order=line.voucher.order, contract_amount=line.contract_amount)
    audit.record("redemption.consent_refused", redemption, by=by, region=redemption.region, reason=reason)
    title = _("企业不同意兑付 %(number)s，已退回给您") % {"number": redemption.number}
    tell_payee(redemption, "consent_refused", title, body=reason, mark=asked)
    return redemption


def _locked(redemption: Redemption, by: User | None) -> Redemption:
    """Fresh, behind its vouchers and orders, and still waiting for this person's answer."""
    ids = list(redemption.lines.values_list("voucher_id", flat=True))
    vouchers.lock_vouchers(ids)
    rows = Order.objects.select_for_update(of=("self",), no_key=True).filter(voucher__in=ids)
    list(rows.order_by("pk").values_list("pk", flat=True))
    fresh = lock(redemption)
    if by is None:
        waits = fresh.status == Redemption.State.AWAITING_CONSENT
        require((waits, _("这件兑付已不在等待企业确认。")))
        return fresh
    waiting = fresh.status == Redemption.State.AWAITING_CONSENT
    require(may_consent(by, fresh), NotAllowed if waiting else Refused)
    return fresh


def consent_overdue(redemption: Redemption) -> None:
    """The clock: what the scheme says of an enterprise that has not answered."""
    due = deadlines.due(redemption, CONSENT)
    if due is None:
        return
    if due.on_expiry == Deadline.OnExpiry.DEFAULT:
        agree_consent(redemption, by=None)
    elif due.on_expiry == Deadline.OnExpiry.LAPSE:
        refuse_consent(redemption, by=None, reason=_("企业没有在期限内确认"))
    else:
        escalate_consent(redemption, due)
