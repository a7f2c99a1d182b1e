"""What every scheme can come to: bookings that end early, prices that are talked over, asking twice to be paid."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from innovation_voucher.casework import calendar
from innovation_voucher.lib.money import yuan
from orders import services as orders
from redemption import services as redemption
from redemption.models import Redemption

from .walk import Walk

Start = Callable[[], Walk]


def end_bookings(start: Start) -> None:
    """Not taken by the carrier, taken back by the enterprise, answered by nobody."""
    declined = start().place()
    orders.decline_order(declined.order, by=declined.seller, reason="本季度排期已满，下季度可以再约。")
    cancelled = start().place()
    orders.cancel_order(cancelled.order, by=cancelled.owner, reason="样品改型，试验推迟。")
    orders.lapse_order(start().place().order)


def bargain(start: Start) -> None:
    """A price that replaced another and waits, one that was agreed to, one that nobody answered."""
    open_, agreed, late = (start().place() for _n in range(3))
    _offer(open_, "含一次复测")
    _offer(open_, "含两次复测")
    _offer(agreed, "按两批样品优惠")
    orders.accept_quote(agreed.order, by=agreed.owner)
    _offer(late, "加急")
    orders.lapse_order(late.order)


def _offer(walk: Walk, words: str) -> None:
    promised = calendar.today() + timedelta(days=30)
    offer = orders.Offer(amount=yuan(walk.amount), promised_on=promised, words=words)
    orders.offer_quote(walk.order, by=walk.seller, offer=offer)


def serve(start: Start) -> None:
    """One service that is recorded, one that both sides call done."""
    start().place().accept().deliver()
    start().place().accept().deliver().complete()


def ask_again(ask: Callable[[], Redemption], send_back: Callable[[Redemption], object]) -> Redemption:
    """One voucher for which payment is asked three times: taken back, sent back and never mended, handed in."""
    first = ask()
    redemption.withdraw_redemption(first, by=_opener(first))
    late = ask()
    send_back(late)
    redemption.expire(late, act="correction")
    return ask()


def _opener(row: Redemption) -> User:
    person = row.created_by
    assert person is not None
    return person
