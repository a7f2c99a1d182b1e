"""One voucher, 50 who receive, void, terminate or let it lapse at once: one end, one release."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from django.urls import reverse

from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import lapse_voucher, signature

from . import often
from .conftest import Say, tally
from .processes import Server
from .wire import fire, post, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.feature("X-4", "ZJ-9")]

RECEIVERS, HOLDERS, OFFICERS, CLOCKS = 18, 17, 12, 3
ENDS = {"voucher.voided", "voucher.terminated", "voucher.lapsed"}


@pytest.fixture
def world() -> World:
    return make_world(quota=50_000)


@pytest.mark.usefixtures("whole")
def test_one_end_for_each_voucher(portal: Server, world: World, say: Say) -> None:
    bureau = cast.make_officer(cast.COUNTY, "terminate_voucher")
    seller, owner, officer = sign_in(world.seller), sign_in(world.owner), sign_in(bureau)
    rounds = often(20, 100)
    ends: Counter[str] = Counter()
    received, pace = 0, 1.0
    for _n in range(rounds):
        voucher = voucher_of(make_order(world, "issued", contract=1_000))
        pace = _everybody_at_once(portal, voucher, (seller, owner, officer), pace)
        voucher.refresh_from_db()
        assert_ended_once(voucher)
        ends[voucher.status] += 1
        received += voucher.confirmed_at is not None
    account = QuotaAccount.objects.get(organization=world.enterprise)
    assert account.available == account.granted
    # A storm in which one kind of act wins every time has not been one.
    assert len(ends) > 1, ends
    said = ", ".join(f"{count} {end}" for end, count in sorted(ends.items()))
    say(f"vouchers: {rounds} rounds of 50 acts, {received} received before the end; {said}; each released once")


def _everybody_at_once(portal: Server, voucher: Voucher, cookies: tuple[str, str, str], pace: float) -> float:
    """Let them all go; `pace` is how long the portal takes for a round, the answer is how long it took now."""
    seller, owner, officer = cookies
    receive = {"signature": signature(voucher), "checked": "on"}
    ended = reverse("desk-voucher-terminate", args=[voucher.code])
    requests = [post(f"/q/{voucher.code}/receive/", seller, **receive) for _n in range(RECEIVERS)]
    requests += [post("/ent/vouchers/void/", owner, code=voucher.code, reason="填错") for _n in range(HOLDERS)]
    requests += [post(ended, officer, reason="服务未开展") for _n in range(OFFICERS)]
    # A receipt reads more before its lock than a void does, so in half of the rounds it comes first.
    if random.random() < 0.5:
        random.shuffle(requests)
    go = threading.Event()
    with ThreadPoolExecutor(CLOCKS) as pool:
        running = [pool.submit(_act, lambda: lapse_voucher(voucher), go, pace) for _n in range(CLOCKS)]
        answers = fire(portal.socket, requests, meanwhile=go.set)
        for one in running:
            one.result()
    tally(answers)
    return max(answer.seconds for answer in answers)


def _act(act: Callable[[], object], go: threading.Event, pace: float) -> None:
    """The clock has no request and would always be first, so it comes at some time while the requests run."""
    go.wait(60)
    time.sleep(random.uniform(0, pace))
    try:
        act()
    except Refused:
        return
    finally:
        connections.close_all()


def assert_ended_once(voucher: Voucher) -> None:
    kind = ContentType.objects.get_for_model(Voucher)
    rows = AuditRow.objects.filter(subject_type=kind, subject_id=voucher.pk)
    verbs = Counter(rows.values_list("verb", flat=True))
    ended = {verb: count for verb, count in verbs.items() if verb in ENDS}
    assert ended == {f"voucher.{voucher.status}": 1}
    assert verbs["voucher.confirmed"] == int(voucher.confirmed_at is not None)
    entries = LedgerEntry.objects.filter(reference__startswith=f"{voucher.code}/")
    moved = sorted((entry.kind, entry.amount) for entry in entries)
    assert moved == [("hold", voucher.amount), ("release", voucher.amount)]
    assert voucher.held == 0
