"""One of several may have it. Every contest is run twice: with its guard taken away, and with it.

Only the first run gives the second its meaning: the same threads, the same acts, and several win.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F, Model, QuerySet
from django_fsm import ConcurrentTransitionMixin

from innovation_voucher.casework import numbers
from innovation_voucher.casework.errors import Refused
from innovation_voucher.casework.idempotency import FIELD, new_token
from innovation_voucher.casework.models import AuditRow
from innovation_voucher.tests import cast
from innovation_voucher.tests.posting import client_of
from innovation_voucher.tests.racing import race
from orders import services as orders
from orders.tests.factories import make_order, make_world, voucher_of
from redemption import services as redemption
from redemption.models import PaymentLine, Redemption, RedemptionLine
from redemption.tests import factories as redeeming, gathered
from vouchers import ledger, services as vouchers
from vouchers.models import BudgetPool, Claim, LedgerEntry, QuotaAccount, Voucher
from vouchers.resolve import snapshot
from vouchers.services import Standing, claim_instantly, request_voucher
from vouchers.tests import factories

pytestmark = [pytest.mark.feature("X-4"), pytest.mark.django_db(transaction=True), pytest.mark.slow]

AT_ONCE = 4
TEN = Decimal(10)
#: A thread that waits for others that never come goes on alone.
PATIENCE = 8

Act = Callable[[], object]


@dataclass(frozen=True)
class Contest:
    """Acts that start together, and how many of them took effect; one may."""

    acts: list[Act]
    winners: Callable[[], int]


@dataclass
class Off:
    """Takes guards away until the test is over."""

    patch: pytest.MonkeyPatch
    stack: ExitStack

    def locks(self) -> None:
        """Rows are read, not locked, nobody looks whether they moved, and nobody waits for a number."""
        serial = count(1)
        self.patch.setattr(ConcurrentTransitionMixin, "_do_update", Model._do_update)
        self.patch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
        self.patch.setattr(numbers, "next_number", lambda _key: next(serial))

    def unique(self, table: str, column: str) -> None:
        self.stack.enter_context(without_unique(table, column))

    def index(self, name: str) -> None:
        self.stack.enter_context(without_index(name))

    def meet_after(self, target: str, at_once: int) -> None:
        """Everybody has passed this check before anybody goes on."""
        module, name = target.rsplit(".", 1)
        found = __import__(module, fromlist=[name])
        self.patch.setattr(target, meeting(getattr(found, name), at_once))


def meeting(checked: Callable[..., Any], at_once: int) -> Callable[..., Any]:
    meet = threading.Barrier(at_once)

    def run(*args: Any, **kwargs: Any) -> Any:
        answer = checked(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            meet.wait(PATIENCE)
        return answer

    return run


@contextmanager
def without_unique(table: str, column: str) -> Iterator[None]:
    """The unique indexes over exactly this column are gone; what stood in the table is gone afterwards."""
    found = (
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), c.conname FROM pg_index i "
        "LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indrelid "
        "WHERE i.indrelid = %s::regclass AND i.indisunique AND i.indnatts = 1 AND a.attnum = i.indkey[0] "
        "AND a.attname = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(found, [table, column])
        rows = cursor.fetchall()
        assert rows, f"{table}.{column} has no unique index"
        for index, _sql, constraint in rows:
            drop = f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint}"' if constraint else f"DROP INDEX {index}"
            cursor.execute(drop)
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f'DELETE FROM "{table}"')
    with connection.cursor() as cursor:
        for index, sql, constraint in rows:
            cursor.execute(sql)
            if constraint:
                cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint}" UNIQUE USING INDEX {index}')


@contextmanager
def without_index(name: str) -> Iterator[None]:
    """A unique index that looks at some rows only is gone; what stood in its table is gone afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, indexdef FROM pg_indexes WHERE indexname = %s", [name])
        ((table, sql),) = cursor.fetchall()
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f'DELETE FROM "{table}"')
    with connection.cursor() as cursor:
        cursor.execute(sql)


# --- The contests ---------------------------------------------------------------------------------


def over_a_cap(off: Off | None) -> Contest:
    """A yearly cap of ten yuan, and everybody claims ten."""
    enterprise, programme = cast.enterprise(), factories.make_programme(cap_year=TEN)
    owner = cast.owner_of(enterprise)
    if off:
        off.locks()
        off.patch.setattr(Standing, "cap_of", lambda _found, _account: None)
        off.meet_after("vouchers.services.claimant.claim_problem", AT_ONCE)
    return Contest([lambda: claim_instantly(enterprise, programme, amount=TEN, by=owner)] * AT_ONCE, approved_claims)


def over_a_budget(off: Off | None) -> Contest:
    """A county's budget of ten yuan, and four enterprises."""
    programme, people = factories.make_programme(), [cast.make_organization() for _n in range(AT_ONCE)]
    BudgetPool.objects.create(programme=programme, region=people[0].region, total=TEN, budget=TEN)
    snapshot(programme, people[0].region)  # the first to ask would make everybody else wait for it
    if off:
        off.locks()
        off.patch.setattr(ledger, "_written", read_then_write(threading.Barrier(AT_ONCE)))
    owners = [(one, cast.owner_of(one)) for one in people]
    acts: list[Act] = [partial(claim_instantly, one, programme, amount=TEN, by=by) for one, by in owners]
    return Contest(acts, approved_claims)


def approved_claims() -> int:
    return Claim.objects.filter(status="approved").count()


def read_then_write(meet: threading.Barrier) -> Callable[..., list[bool]]:
    """What the ledger would do without its conditional UPDATEs: ask what is left, then write the difference."""

    def written(entry: LedgerEntry, _cap: Decimal | None, pool: BudgetPool | None, _in_line: bool) -> list[bool]:
        account = QuotaAccount.objects.filter(pk=entry.account_id)
        before = account.get()
        left = BudgetPool.objects.get(pk=pool.pk).budget if pool else before.available
        meet.wait(PATIENCE)
        if left < entry.amount:
            return [True, pool is not None, False]
        entry.save()
        if pool:
            BudgetPool.objects.filter(pk=pool.pk).update(budget=left - entry.amount)
            account.update(granted=F("granted") + entry.amount, available=F("available") + entry.amount)
        else:
            account.update(available=left - entry.amount, held=before.granted - left + entry.amount)
        return [True, True, True]

    return written


def over_quota(off: Off | None) -> Contest:
    """Ten yuan are available, and every contract would bind them all."""
    enterprise, programme, carrier = cast.enterprise(), factories.make_programme(), factories.make_carrier()
    factories.claim(enterprise, programme, 10)
    facts, row = factories.facts(10), snapshot(programme, enterprise.region)
    if off:
        off.locks()
        off.patch.setattr(ledger, "_written", read_then_write(threading.Barrier(AT_ONCE)))

    def use() -> object:
        return request_voucher(
            organization=enterprise,
            carrier=carrier,
            programme=programme,
            snapshot=row,
            region=enterprise.bureau,
            facts=facts,
            redeemer="enterprise",
            by=cast.owner_of(enterprise),
        )

    return Contest([use] * AT_ONCE, lambda: Voucher.objects.filter(held=TEN).count())


def one_receipt(off: Off | None) -> Contest:
    """One issued voucher, received by several at once."""
    world = make_world()
    voucher = voucher_of(make_order(world, "issued"))
    if off:
        off.locks()
        off.meet_after("vouchers.rules.may_confirm", AT_ONCE)
    receive = partial(orders.receive_voucher, voucher, by=world.seller, road="link")
    return Contest([receive] * AT_ONCE, lambda: AuditRow.objects.filter(verb="voucher.confirmed").count())


def one_redemption(off: Off | None) -> Contest:
    """One voucher with all papers, handed in by several at once."""
    voucher = redeeming.ready()
    by = redeeming.payee_of(voucher)
    if off:
        off.locks()
        off.unique("redemption_pick", "order_id")
        off.unique("redemption_redemptionline", "voucher_id")
        off.meet_after("vouchers.rules.may_start_redeeming", 2)
    submit = partial(redemption.submit_voucher, voucher, by=by)
    return Contest([submit] * 2, lambda: RedemptionLine.objects.filter(live=True).count())


def one_window(off: Off | None) -> Contest:
    """Two drafts of one payee, handed in within the same window; their vouchers hold their quota already."""
    enterprise, scheme = cast.enterprise(), gathered.make_programme(window_from="01-01", window_to="12-31")
    drafts, by = gathered.two_drafts(enterprise, scheme), cast.owner_of(enterprise)
    if off:
        off.locks()
        off.index("one_request_in_a_window")
        off.meet_after("redemption.services.handing.draft_gaps", 2)
    acts: list[Act] = [partial(redemption.submit_draft, draft, by=by) for draft in drafts]
    return Contest(acts, lambda: Redemption.objects.filter(status="in_review").count())


def one_batch(off: Off | None) -> Contest:
    """Two drafts over the same payable redemption, frozen at once."""
    programme = redeeming.make_programme()
    redeeming.payable(programme=programme)
    people = [redeeming.settler(name) for name in ("甲制单", "乙制单")]
    drafts = [(redeeming.draft(person, programme), person) for person in people]
    if off:
        off.locks()
        off.unique("redemption_paymentline", "line_id")
        off.patch.setattr(vouchers, "freeze_vouchers", lambda _rows, **_of: None)  # the ledger would refuse too
        off.meet_after("redemption.services.batches._lock_payable", 2)
    acts: list[Act] = [
        partial(redemption.freeze_batch, batch, by=person, typed_total=Decimal(14_000)) for batch, person in drafts
    ]
    return Contest(acts, lambda: PaymentLine.objects.filter(live=True).count())


def one_form(off: Off | None) -> Contest:
    """The same form with the same token, sent several times."""
    enterprise = cast.enterprise()
    factories.make_programme()
    if off:
        off.unique("casework_onetimetoken", "token")
    owner, token = cast.owner_of(enterprise), new_token()

    def send() -> None:
        answer = client_of(owner).post("/ent/quota/claim/", {FIELD: token, "amount": "10", "agree": "on"})
        assert answer.status_code == 302

    return Contest([send] * AT_ONCE, approved_claims)


def one_number(off: Off | None) -> Contest:
    """Everybody asks for the next number; how many got the same one."""
    given: list[int] = []
    if off:
        off.patch.setattr(numbers, "next_number", last_and_one(threading.Barrier(AT_ONCE), given))

    def ask() -> None:
        with transaction.atomic():
            given.append(numbers.next_number("T"))

    return Contest([ask] * AT_ONCE, lambda: max(Counter(given).values()))


def last_and_one(meet: threading.Barrier, given: list[int]) -> Callable[[str], int]:
    def following(_key: str) -> int:
        last = max(given, default=0)
        meet.wait(PATIENCE)
        return last + 1

    return following


CONTESTS: dict[str, Callable[[Off | None], Contest]] = {
    "claims over a cap": over_a_cap,
    "claims over a budget": over_a_budget,
    "vouchers over the quota": over_quota,
    "receipts of one voucher": one_receipt,
    "redemptions of one voucher": one_redemption,
    "requests in one window": one_window,
    "batches with one redemption": one_batch,
    "one form sent again": one_form,
    "one number": one_number,
}


@pytest.fixture
def off(monkeypatch: pytest.MonkeyPatch) -> Iterator[Off]:
    with ExitStack() as stack:
        yield Off(monkeypatch, stack)


@pytest.mark.parametrize("name", CONTESTS)
def test_without_its_guard_several_win(off: Off, name: str) -> None:
    contest = CONTESTS[name](off)
    race(*contest.acts)
    assert contest.winners() == len(contest.acts)


@pytest.mark.parametrize("name", CONTESTS)
def test_with_its_guard_one_wins(name: str) -> None:
    contest = CONTESTS[name](None)
    said = race(*contest.acts)
    assert contest.winners() == 1
    assert len(said) == len(contest.acts)


def test_a_check_that_everybody_passed_is_no_check() -> None:
    """The meeting itself: nobody goes on before all have asked."""
    asked: list[int] = []
    check = meeting(asked.append, 3)
    seen = race(*[partial(_ask_and_look, check, asked, number) for number in range(3)])
    assert seen == ["done"] * 3


def _ask_and_look(check: Callable[..., Any], asked: list[int], number: int) -> None:
    check(number)
    if len(asked) != 3:
        raise Refused("went on alone")
