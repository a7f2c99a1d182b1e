"""What the clock does when a term of an order, or of the voucher on it, comes near or is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organization
from accounts.services.organizations import people_of
from innovation_voucher.casework import calendar, deadlines, messaging, reviews, rights
from innovation_voucher.casework.models import Deadline, Region
from innovation_voucher.lib.references import group_code
from vouchers import services as vouchers
from vouchers.models import Voucher
from vouchers.services.terms import CONFIRMATION

from . import services
from .models import Order

#: What the clock does in the place of the one who did not act.
ON_EXPIRY: dict[str, Callable[[Any], object]] = {
    "order_answer": services.lapse_order,
    "quote_answer": services.lapse_order,
    "completion": lambda order: services.confirm_completion(order, by=None),
    "rating": services.default_review,
    CONFIRMATION: lambda voucher: vouchers.lapse_voucher(voucher, reason=_("服务机构没有在期限内确认")),
    reviews.RESUBMIT: vouchers.expire_correction,
}
#: Acts without which quota would be lost; of the others the inbox is enough.
_BY_SMS = ("order_answer", "quote_answer", CONFIRMATION)


@dataclass(frozen=True)
class _Awaited:
    """Who must act on what, where they do it, and whose bureau looks after it."""

    what: str
    who: Organization
    link: str
    region: Region


def expire(obj: Order | Voucher, *, act: str) -> None:
    """Called by the sweep of deadlines, once per open deadline whose day is over."""
    due = deadlines.due(obj, act)
    if due is not None and due.on_expiry == Deadline.OnExpiry.ESCALATE:
        _escalate(_awaited(obj, act), obj, due)
    else:
        ON_EXPIRY[act](obj)


def remind(obj: Order | Voucher, *, act: str) -> None:
    """Tell the side that must act: once before its last day, and once after it where nothing else follows."""
    if isinstance(obj, Voucher) and act == reviews.RESUBMIT:
        services.remind_use(obj, act=act)
        return
    due = deadlines.due(obj, act)
    if due is None:
        return
    awaited = _awaited(obj, act)
    over = calendar.today() > due.due_on
    title = (_("%(what)s已过期限（%(day)s），请尽快办理") if over else _("%(what)s快到期了，请在%(day)s前办理")) % {
        "what": awaited.what,
        "day": _words(due.due_on),
    }
    messaging.notify(
        people_of(awaited.who),
        kind=f"{obj._meta.model_name}.reminder",
        title=title,
        link=awaited.link,
        sms=_("【创新券】%s。") % title if act in _BY_SMS else None,
        dedupe=_key("over" if over else "reminder", obj, due),
    )


def _escalate(awaited: _Awaited, obj: Model, due: Deadline) -> None:
    words = {"who": awaited.who.name, "what": awaited.what, "day": _words(due.due_on)}
    messaging.notify(
        rights.holders("view_cases", awaited.region),
        kind=f"{obj._meta.model_name}.overdue",
        title=_("%(who)s逾期未办：%(what)s（%(day)s到期）") % words,
        link=reverse("desk-inbox"),
        dedupe=_key("escalated", obj, due),
    )


def _awaited(obj: Order | Voucher, act: str) -> _Awaited:
    entered = isinstance(obj, Order) and obj.by_carrier
    by_carrier = act == CONFIRMATION or (act == "order_answer" and not entered)
    who = obj.carrier.organization if by_carrier else obj.organization
    if isinstance(obj, Voucher):
        link = reverse("carrier-vouchers") if by_carrier else reverse("ent-voucher", args=[obj.code])
        return _Awaited(_("创新券 %s ") % group_code(obj.code), who, link, obj.region)
    link = reverse("carrier-booking" if by_carrier else "ent-order", args=[obj.number])
    return _Awaited(_("订单 %s ") % obj.number, who, link, obj.region)


def _words(day: date) -> str:
    return _("%(month)d月%(day)d日") % {"month": day.month, "day": day.day}


def _key(what: str, obj: Model, due: Deadline) -> str:
    return f"{what}:{obj}:{due.act}:{due.due_on}"
