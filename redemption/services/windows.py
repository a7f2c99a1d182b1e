"""The window in which a scheme takes redemptions, and the one request that gathers orders within it."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from innovation_voucher.casework import calendar
from innovation_voucher.casework.errors import Refused
from orders.models import Order
from vouchers.models import Voucher
from vouchers.policy import Gap, Policy
from vouchers.resolve import policy_of

from .. import asked
from ..models import Redemption
from ..things import Thing, rules_of

WINDOW = "window"


def in_window(policy: Policy, day: date) -> bool:
    """Whether the scheme takes redemptions on the day.

    A window is two month-day pairs ("11-01", "03-15"); it may run over the new year.
    """
    start, end = policy.window_from, policy.window_to
    if not start or not end:
        return True
    today = day.strftime("%m-%d")
    return start <= today <= end if start <= end else today >= start or today <= end


def opened_on(policy: Policy, day: date) -> date | None:
    """The first day of the window that is open on the day; None where none is, or the scheme has none."""
    if not policy.window_from or not policy.window_to or not in_window(policy, day):
        return None
    first = _on(day.year, policy.window_from)
    return first if first <= day else _on(day.year - 1, policy.window_from)


def opens_next(policy: Policy, day: date) -> date | None:
    """The first day after `day` on which a window opens; None where the scheme has none."""
    if not policy.window_from or not policy.window_to:
        return None
    first = _on(day.year, policy.window_from)
    return first if first > day else _on(day.year + 1, policy.window_from)


def _on(year: int, month_day: str) -> date:
    """That day of the year; the 29th of February is the 1st of March where there is none."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, 1) + timedelta(days=day - 1)


def window_gaps(thing: Thing) -> list[Gap]:
    """That the window is closed; what was handed in while it was open is mended at any time."""
    policy = rules_of(thing)
    handed_in = isinstance(thing, Voucher) and thing.status == Voucher.State.REDEEMING
    if handed_in or in_window(policy, calendar.today()):
        return []
    words = _("兑付窗口期为 %(start)s 至 %(end)s，届时再提交")
    dates = {"start": policy.window_from, "end": policy.window_to}
    return [Gap(key=WINDOW, label=_("兑付窗口"), missing=1, words=words % dates)]


# --- One request in a window --------------------------------------------------------------------


def window_of(redemption: Redemption) -> date | None:
    """The first day of the window whose only request the draft would be; None where that is not counted.

    What was never ordered here is redeemed one by one, at any time of the window.
    """
    policy = policy_of(redemption.snapshot)
    if not asked.gathers(policy) or redemption.picks.filter(order__channel=Order.Channel.QUICK).exists():
        return None
    return opened_on(policy, calendar.today())


def repeat_gaps(redemption: Redemption) -> list[Gap]:
    """That another request of the payee was handed in within this window."""
    if redemption.status != Redemption.State.DRAFT:
        return []
    words = _repeats(redemption, window_of(redemption))
    return [Gap(key=WINDOW, label=_("兑付窗口"), missing=0, words=words)] if words else []


def _repeats(redemption: Redemption, window: date | None) -> str:
    """Which request took the window, where it stands, and when the next window opens; empty = it is free."""
    if window is None:
        return ""
    rows = Redemption.objects.filter(
        payee=redemption.payee_id, programme=redemption.programme_id, window_opened=window
    ).exclude(status__in=Redemption.UNDECIDED)
    first = rows.exclude(pk=redemption.pk).first()
    opens = opens_next(policy_of(redemption.snapshot), calendar.today())
    if first is None or opens is None:
        return ""
    words = _(
        "每个窗口期集中申请一次，本窗口期已提交兑付 %(number)s（%(state)s）。"
        "下一窗口期 %(year)s年%(month)s月%(day)s日开放，届时再提交"
    )
    when = {"year": opens.year, "month": opens.month, "day": opens.day}
    return words % {"number": first.number, "state": first.get_status_display(), **when}


def take_window(redemption: Redemption) -> None:
    """Write down the window in which it is handed in; the database lets two at once not have the same.

    Raises Refused naming the request that was first.
    """
    window = window_of(redemption)
    if window == redemption.window_opened:
        return
    redemption.window_opened = window
    try:
        with transaction.atomic():
            redemption.save(update_fields=["window_opened"])
    except IntegrityError as error:
        raise Refused(_repeats(redemption, window), "gaps") from error
