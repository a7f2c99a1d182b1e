"""Quota that is taken without a claim before it: with the order, with the application. No yuan is held twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import connections
from django.db.models import Sum
from django.urls import reverse

from accounts.models import Organization
from innovation_voucher.casework.errors import Refused
from innovation_voucher.tests import cast
from orders.models import Order
from orders.tests.factories import World
from orders.tests.ordered import make_ordered
from vouchers.models import LedgerEntry, Programme, QuotaAccount, Voucher
from vouchers.tests import factories, per_order

from . import often
from .conftest import Say, tally
from .processes import Server
from .wire import fire, post, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.feature("X-4", "JS-10", "TJ-2")]

AT_ONCE = 100
#: An order of 100 yuan holds a quarter; the account takes as many whole ones as half of those who ask.
PRICE, EACH, FITTING = 100, Decimal(25), AT_ONCE // 2
BOOKING = {"contact_name": "周甲", "contact_phone": "19900000001", "need": "一台样机", "promise": "on", "quantity": "1"}


@pytest.mark.usefixtures("whole")
def test_orders_that_hold_at_once(portal: Server, say: Say) -> None:
    """100 sessions of one enterprise place an order at once; the account covers half of them."""
    world = make_ordered(quota=0, price=PRICE)
    rounds = often(2, 10)
    held: Counter[str] = Counter()
    for _n in range(rounds):
        enterprise = cast.make_organization()
        factories.claim(enterprise, world.programme, int(FITTING * EACH))
        held.update(_place_all(portal, world, enterprise))
        account = QuotaAccount.objects.get(organization=enterprise)
        assert (account.held, account.available) == (FITTING * EACH, 0)
        vouchers = Voucher.objects.filter(organization=enterprise).exclude(held=0)
        assert vouchers.aggregate(all=Sum("held"))["all"] == account.held
        assert LedgerEntry.objects.filter(account=account, kind="hold").count() == vouchers.count()
    orders = Order.objects.count()
    say(f"orders that hold: {rounds * AT_ONCE} sessions, {orders} orders, {held[302]} placed, no yuan held twice")


def _place_all(portal: Server, world: World, enterprise: Organization) -> Counter[int]:
    """Every session fills the form, then all press the button at once."""
    owner = cast.owner_of(enterprise)
    cookies = [sign_in(owner) for _n in range(AT_ONCE)]
    form, check = (reverse(name, args=[world.service.number]) for name in ("order-new", "order-check"))
    filled = fire(portal.socket, [post(form, one, pay=str(world.programme.pk), **BOOKING) for one in cookies])
    assert tally(filled) == {302: AT_ONCE}
    assert {answer.location for answer in filled} == {check}
    return tally(fire(portal.socket, [post(check, one) for one in cookies]))


def test_applications_against_one_cap(say: Say) -> None:
    """Many apply for vouchers of one enterprise at once; what they are granted in all is the year's cap."""
    at_once, rounds = 16, often(3, 20)
    programme = per_order.make(cap_year=Decimal(10_000))
    factories.make_carrier()
    granted = 0
    for _n in range(rounds):
        enterprise = cast.make_organization()
        act = partial(_apply, enterprise, programme)
        with ThreadPoolExecutor(at_once) as pool:
            granted += sum(pool.map(lambda _n, act=act: act(), range(at_once)))
        account = QuotaAccount.objects.get(organization=enterprise)
        assert (account.granted, account.held) == (10_000, 10_000)
        assert Voucher.objects.filter(organization=enterprise).aggregate(all=Sum("amount"))["all"] == 10_000
    say(f"applications: {rounds * at_once} at one cap each, {granted} granted, 0 over the cap")


def _apply(enterprise: Organization, programme: Programme) -> bool:
    """A voucher of 2,000 yuan, or less where the cap cuts it; False when nothing is left."""
    try:
        per_order.ask(enterprise, programme, "4000")
    except Refused:
        return False
    finally:
        connections.close_all()
    return True
