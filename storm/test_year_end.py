"""The year ends while people claim, receive and void: real processes whose clock shows 23:59:50.

The portal's and the clock's own processes take `CLOCK_OFFSET`; this process acts for the same moments.
"""

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from innovation_voucher.casework import calendar, invariants, sweeps
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from orders.tests.factories import World, make_order, make_world, voucher_of
from vouchers.models import LedgerEntry, QuotaAccount, Voucher
from vouchers.services import confirm_voucher, signature
from vouchers.tests import factories

from . import often
from .conftest import Say
from .processes import Place, Server, stop, wait_until
from .wire import Answer, get, post, send, sign_in

pytestmark = [pytest.mark.storm, pytest.mark.django_db(transaction=True), pytest.mark.feature("X-10")]

SHANGHAI = ZoneInfo("Asia/Shanghai")
MIDNIGHT = datetime(2027, 1, 1, tzinfo=SHANGHAI)
#: Seconds that the processes have to start before the people do; then people act from so long before to so long after.
START, BEFORE, AFTER = 40, 10, 12
DECEMBER = datetime(2026, 12, 20, 10, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Shifted(Place):
    """A place whose processes live at another moment; files of pages are those of the first place."""

    offset: int
    static: Path

    def environment(self, **more: str) -> dict[str, str]:
        return super().environment(**{"CLOCK_OFFSET": str(self.offset), "STATIC_ROOT": str(self.static), **more})

    def now(self) -> datetime:
        """What their clock shows."""
        return timezone.now() + timedelta(seconds=self.offset)


@pytest.fixture
def eve(place: Place, tmp_path: Path) -> Iterator[Shifted]:
    """Processes for which it is shortly before midnight, with a Redis of their own."""
    place.collect_static()
    started = MIDNIGHT - timedelta(seconds=START + BEFORE)
    offset = round((started - timezone.now()).total_seconds())
    shifted = Shifted(tmp_path, place.database_url, offset, place.folder / "static")
    redis = shifted.start_redis()
    yield shifted
    stop(redis)


@dataclass
class Acts:
    """What one person does over and over until the new year has begun, and what came of it on which side."""

    eve: Shifted
    socket: Path
    requests: list[bytes]
    answers: list[tuple[datetime, Answer]]

    def run(self, until: datetime) -> None:
        """One request after the other; a list that is done begins anew with claims only."""
        for request in self.requests:
            if self.eve.now() > until:
                return
            moment = self.eve.now()
            self.answers.append((moment, send(self.socket, request)))


def claims(cookie: str) -> list[bytes]:
    return [post("/ent/quota/claim/", cookie, amount="1", agree="on") for _n in range(2_000)]


def paced(request: bytes, acts: Acts, second: float) -> None:
    """One request at its second around midnight."""
    wait = (MIDNIGHT + timedelta(seconds=second) - acts.eve.now()).total_seconds()
    time.sleep(max(0.0, wait))
    acts.answers.append((acts.eve.now(), send(acts.socket, request)))


def test_the_year_ends_while_people_act(eve: Shifted, say: Say) -> None:
    with calendar.acting_at(DECEMBER):
        world = make_world(quota=50_000)
        issued = [voucher_of(make_order(world, "issued", contract=1_000)) for _n in range(often(12, 24))]
        secured = [confirm_voucher(voucher, by=None) for voucher in issued[:3]]
        idle = [factories.claim(cast.make_organization(), world.programme, 300) for _n in range(often(20, 200))]
    server = Server(eve, "innovation_voucher.wsgi")
    clock = eve.start(sys.executable, "manage.py", "clock", log="clock.log")
    try:
        wait_until(lambda: server.socket.exists() and _ready(server), START, "the portal before midnight")
        found = _people(eve, server, world, issued[3:])
        _settled(eve)
    finally:
        stop(clock)
        server.stop()
    log = server.log() + (eve.folder / "clock.log").read_text()
    assert "Internal Server Error" not in log
    assert "Traceback" not in log
    _whole(world, secured, idle)
    late = [answer.status for moment, answer in found if moment > MIDNIGHT + timedelta(seconds=1)]
    # Who came after midnight got nothing: a page that says so, never a new claim.
    assert late
    states = Counter(Voucher.objects.values_list("status", flat=True))
    counts = Counter(answer.status for _moment, answer in found)
    say(
        f"year end: {len(found)} acts from 23:59:50 on ({dict(counts)}), {len(late)} after midnight; "
        f"{QuotaAccount.objects.filter(status='lapsed').count()} accounts lapsed "
        f"{sum(row.lapsed for row in QuotaAccount.objects.all())} yuan; vouchers {dict(states)}; invariants clean"
    )


def _ready(server: Server) -> bool:
    return send(server.socket, get("/readyz", "")).status == 200


def _people(eve: Shifted, server: Server, world: World, issued: list[Voucher]) -> list[tuple[datetime, Answer]]:
    """Two who claim without a pause; the carrier and the holder who divide the vouchers between them."""
    owner, seller = sign_in(world.owner), sign_in(world.seller)
    answers: list[tuple[datetime, Answer]] = []
    acts = [Acts(eve, server.socket, claims(owner), answers) for _n in range(2)]
    wait_until(lambda: eve.now() >= MIDNIGHT - timedelta(seconds=BEFORE), START + BEFORE, "ten to midnight")
    until = MIDNIGHT + timedelta(seconds=AFTER)
    with ThreadPoolExecutor(len(acts) + 2) as pool:
        running = [pool.submit(one.run, until) for one in acts]
        for n, voucher in enumerate(issued):
            receive = post(f"/q/{voucher.code}/receive/", seller, signature=signature(voucher), checked="on")
            void = post("/ent/vouchers/void/", owner, code=voucher.code, reason="填错")
            second = -5 + 10 * n / len(issued)
            running.append(pool.submit(paced, (receive, void)[n % 2], acts[0], second))
        for one in running:
            one.result()
    assert all(200 <= answer.status < 500 for _moment, answer in answers), Counter(a.status for _m, a in answers)
    return answers


def _settled(eve: Shifted) -> None:
    """The clock's own round of the new year, at the latest a minute after midnight."""
    over = QuotaAccount.objects.filter(status="active", valid_until=date(2026, 12, 31))
    waiting = Voucher.objects.filter(status="issued")
    done = threading.Event()
    wait_until(lambda: not over.exists() and not waiting.exists(), 150, "the round of the new year")
    done.set()
    assert eve.now() > MIDNIGHT


def _whole(world: World, secured: list[Voucher], idle: list[QuotaAccount]) -> None:
    """Nothing is available, each thing lapsed once, what was secured is held, and another round finds nothing."""
    with calendar.acting_at(MIDNIGHT + timedelta(minutes=5)):
        assert invariants.broken() == {}
        for name in ("vouchers.lapse", "quota.lapse"):
            assert sweeps.run(name, at=MIDNIGHT + timedelta(minutes=5)) == []
    accounts = QuotaAccount.objects.all()
    assert {row.available for row in accounts} == {Decimal(0)}
    assert {row.lapsed for row in accounts.filter(pk__in=[row.pk for row in idle])} == {Decimal(300)}
    assert AuditRow.objects.filter(verb="account.lapsed").count() == accounts.count()
    assert (
        LedgerEntry.objects.filter(kind="lapse").count() == accounts.filter(lapsed__gt=0, entries__kind="lapse").count()
    )
    kept = Voucher.objects.filter(status="confirmed")
    assert {voucher.pk for voucher in secured} <= {voucher.pk for voucher in kept}
    account = QuotaAccount.objects.get(organization=world.enterprise)
    assert account.held == sum(voucher.amount for voucher in kept)
    assert not Voucher.objects.filter(status="issued").exists()
    assert account.granted == account.held + account.lapsed
